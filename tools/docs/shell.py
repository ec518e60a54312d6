# SPDX-License-Identifier: MIT
"""Runs the commands of a document one after the other, as in one terminal."""

import os
import re
import shutil
import signal
import subprocess

# What a command leaves for the next one: the folder and exported variables.
WRAPPER = """
[ ! -e "$EG_STATE" ] || . "$EG_STATE"
eval "$1"
code=$?
{ export -p | grep -v EG_STATE; printf 'cd %q\\n' "$PWD"; } >"$EG_STATE"
exit "$code"
"""
MISSING_MODULE = re.compile(r"ModuleNotFoundError: No module named '([^']+)'")
# Programs of others; a command that needs one is skipped where it is not installed.
FOREIGN = set(
    """cc c++ gcc g++ clang cmake pkg-config python python3 pip conda brew dnf pacman apk podman docker man curl wget
    mpirun srun sbatch parallel jq awk sqlite3 gnuplot pdflatex node ffmpeg unzip zip gzip zstd
    gdaldem gdal_contour gdalinfo gdal_translate gdalbuildvrt gdalwarp ogrinfo ogr2ogr qgis
    convert magick identify compare montage potrace inkscape rsvg-convert xdg-open""".split()
)
# Programs of ImageMagick, whose names others have, too.
IMAGEMAGICK = {"convert", "identify", "compare", "montage"}
BUILTINS = {"cd", "export", "for", "while", "if", "echo", "printf", "test", "[", "{", "(", "set", "time", "exec", "read", "."}


def is_imagemagick(program):
    """Returns whether a program says that it is one of ImageMagick."""
    answer = subprocess.run([program, "-version"], capture_output=True, text=True, check=False)
    return answer.returncode == 0 and "ImageMagick" in answer.stdout


def find_program(name, path):
    """Returns the file of a program in the folders of `path`, None if it is not installed."""
    found = shutil.which(name, path=path)
    return None if found and name in IMAGEMAGICK and not is_imagemagick(found) else found


class Shell:
    """A terminal in a work folder. `programs` is the folder with edgegrad, first in PATH."""

    def __init__(self, folder, programs, environment, seconds):
        self.folder = folder
        self.seconds = seconds
        self.environment = {**os.environ, **environment}
        self.environment["PATH"] = f"{programs}:{os.environ['PATH']}"
        self.environment["EG_STATE"] = str(folder / "home" / ".state")
        self.environment["HOME"] = str(folder / "home")
        self.environment["LC_ALL"] = "C.UTF-8"
        # Open MPI refuses root and more processes than cores unless it is told otherwise.
        self.environment["OMPI_ALLOW_RUN_AS_ROOT"] = self.environment["OMPI_ALLOW_RUN_AS_ROOT_CONFIRM"] = "1"
        self.environment["OMPI_MCA_rmaps_base_oversubscribe"] = "1"

    def run(self, command):
        """Returns (exit code, output, messages); the exit code of a command that takes too long is None."""
        process = subprocess.Popen(
            ["bash", "-c", WRAPPER, "bash", command],
            cwd=self.folder,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
        try:
            output, messages = process.communicate(timeout=self.seconds)
            code = process.returncode
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            output, messages = process.communicate()
            code = None
        return code, output.decode(errors="replace"), messages.decode(errors="replace")

    def absent_program(self, command):
        """Returns the first program of a command that is not installed, '' if none is missing."""
        path = self.environment["PATH"]
        for word in programs_of(command):
            if word in BUILTINS or "/" in word or "$" in word:
                continue
            if not find_program(word, path):
                return word
        return ""


def programs_of(command):
    """Returns the programs that a command starts: the first word of each of its parts, as far as they can be
    seen without a shell."""
    bare = re.sub(r"'[^']*'|\"[^\"]*\"", "Q", command)
    bare = re.sub(r"(^|\s)#.*", "", bare)
    words = []
    for part in re.split(r"\|\||&&|[|;\n]|\$\(", bare):
        part = part.strip()
        while re.match(r"[A-Za-z_]\w*=\S*\s+", part):
            part = part.split(None, 1)[1]
        first = part.split(None, 1)[0] if part else ""
        if re.fullmatch(r"[A-Za-z][\w+.-]*", first) and "=" not in first:
            words.append(first)
    return words
