# SPDX-License-Identifier: MIT
"""Interrupts: a long call of the main thread ends with KeyboardInterrupt."""
import signal
import subprocess
import sys
import textwrap

import pytest

# Interrupts go on until one arrives during a call. Their handler does nothing: the library alone ends the calls.
PROGRAM = """
    import os, signal, threading
    import numpy as np
    import edgegrad
    done = threading.Event()
    def interrupt():
        while not done.wait(0.02):
            os.kill(os.getpid(), signal.SIGINT)
    handler = {handler}
    signal.signal(signal.SIGINT, handler)
    {prepare}
    thread = threading.Thread(target=interrupt)
    try:
        thread.start()
        for _ in range(100000):
            {call}
        end = "no interrupt"
    except KeyboardInterrupt:
        end = "cancelled"
    done.set()
    thread.join()
    assert signal.getsignal(signal.SIGINT) is handler
    {call_after}
    print(end, end="")
"""
IMAGE = "image = np.random.default_rng(1).integers(0, 255, (4000, 4000), dtype=np.uint8)"
NUMBERS = "x = np.linspace(0, 9, 3000000); f = edgegrad.Expression('gamma(sin(x) + 3)*erf(x)*exp(sin(x^2))', threads=1)"
FIELD = "F = edgegrad.VectorField('(abs(sin(x*y))^1.5*gamma(x^2 + 2)*erf(x), cos(x*y))')"
PATH = "'(cos(t)*sin(40t), sin(3t)), t=0:20pi'"

CALLS = {
    "canny": (IMAGE, "edgegrad.canny(image, 0.8, compat='skimage', threads=1)", "edgegrad.canny(image[:50, :50])"),
    "search": ("box = {'x': (-9, 9), 'y': (-9, 9)}",
               "edgegrad.critical_points('(sin(x*y)^2 + cos(x^2 - y^3) - 1)^2', box, time=50)",
               "edgegrad.critical_points('x^2 + y^2', box)"),
    "values": (NUMBERS, "f(x)", "f(1)"),
    "gradient": (NUMBERS, "f.gradient(x)", "f.gradient(1)"),
    "hessian": (NUMBERS, "f.hessian(x)", "f.hessian(1)"),
    "field": (NUMBERS + "; F = edgegrad.VectorField('(gamma(sin(x) + 3), erf(y))')", "F(x, x)", "F(1, 1)"),
    "work": (FIELD, f"F.work({PATH})", "F.work('(t, t), t=1:2')"),
    "flux across": (FIELD, f"F.flux({PATH})", "F.flux('(t, t), t=1:2')"),
}


def run(program):
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(program)], stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, text=True, timeout=120)
    return done.returncode, done.stdout, done.stderr


@pytest.mark.parametrize("name", CALLS)
def test_an_interrupt_cancels(name):
    prepare, call, after = CALLS[name]
    program = PROGRAM.format(handler="lambda number, frame: None", prepare=prepare, call=call, call_after=after)
    assert run(program) == (0, "cancelled", "")


@pytest.mark.parametrize("call", [
    "edgegrad.minimize(lambda p: float(p[0]), [1.0], gradient=lambda p: np.ones(1), method='gd', rate=1e-12, tolerance=0, "
    "steps=10**9)",
    "edgegrad.minimize('x', [1.0], callback=lambda p, v: None, method='gd', rate=1e-12, tolerance=0, steps=10**9)",
    "edgegrad.contours(np.random.default_rng(1).random((400, 400)), 0.1)",
])
def test_an_interrupt_in_a_callback(call):
    """The exception of Python's handler is raised in a callback, anywhere in it."""
    program = PROGRAM.format(handler="signal.default_int_handler", prepare="pass", call=call, call_after="pass")
    program = program.replace("os.kill(os.getpid(), signal.SIGINT)", "os.kill(os.getpid(), signal.SIGINT); return")
    assert run(program) == (0, "cancelled", "")


def test_an_interrupt_does_not_change_other_threads():
    """An expression on another thread is evaluated again when the interrupt of the main thread cancels it."""
    program = PROGRAM.format(handler="lambda number, frame: None", call="f(x)", call_after="other.join(); assert good == [True]",
                             prepare=NUMBERS + "; good = []; expected = f(x[::50]); other = threading.Thread(target=lambda: "
                             "good.append(all(np.array_equal(f(x[::50]), expected) for _ in range(20)))); other.start()")
    assert run(program) == (0, "cancelled", "")


def test_the_handler_is_left_alone():
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
