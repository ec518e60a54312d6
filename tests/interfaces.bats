#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# One photograph, one answer: the command, a program in C and in C++, with the shared and the static library, found by
# pkg-config and by CMake, and a script in Python write the same bytes.

load common
load installed

PHOTOGRAPH=$DATA/coffee.jpg

setup_file() {
    stage
    "$EDGEGRAD" "$DATA/coffee.jpg" "$BATS_FILE_TMPDIR/command.pgm"
}

# compile COMPILER ARGUMENT...: runs the compiler with the flags of the build (sanitizers), which linking with its
# library needs.
compile() {
    # shellcheck disable=SC2086 # words
    "$1" ${CFLAGS:-} -Wall -Wextra -Werror "${@:2}"
}

# finds_the_edges PROGRAM ...: the program writes the bytes of the command.
finds_the_edges() {
    LD_LIBRARY_PATH=$STAGE/usr/lib "$@" "$PHOTOGRAPH" found.pgm >said || broken "$* fails" || return
    cmp found.pgm "$BATS_FILE_TMPDIR/command.pgm" || broken "$* finds other edges"
}

@test "the same edges of a photograph: a program in C and in C++, by pkg-config, shared and static" {
    command -v pkg-config >/dev/null || skip "no pkg-config"
    program
    read -ra flags < <(pkg --cflags edgegrad)
    read -ra shared < <(pkg --libs edgegrad)
    read -ra static < <(pkg --static --libs edgegrad)
    static=("${static[@]/#-ledgegrad/-l:libedgegrad.a}")
    compile "${CC:-cc}" -std=c11 "${flags[@]}" program.c -o in-c "${shared[@]}"
    finds_the_edges ./in-c
    LD_LIBRARY_PATH=$STAGE/usr/lib run -5 ./in-c missing.png none.png
    [[ $output == "missing.png: no such file"* ]] # EG_FILE is 5
    compile "${CC:-cc}" -std=c11 "${flags[@]}" program.c -o in-c-static "${static[@]}"
    finds_the_edges ./in-c-static
    command -v c++ >/dev/null || skip "no C++ compiler"
    compile c++ -std=c++11 "${flags[@]}" -x c++ program.c -x none -o in-c++ "${shared[@]}"
    finds_the_edges ./in-c++
    compile c++ -std=c++11 "${flags[@]}" -x c++ program.c -x none -o in-c++-static "${static[@]}"
    finds_the_edges ./in-c++-static
}

@test "the same edges of a photograph: a CMake project in C and C++, shared and static" {
    command -v cmake >/dev/null && command -v c++ >/dev/null || skip "no cmake"
    program
    cp program.c program.cc
    cat >CMakeLists.txt <<'END'
cmake_minimum_required(VERSION 3.10)
project(program C CXX)
find_package(edgegrad 9.9 QUIET)
if(edgegrad_FOUND)
    message(FATAL_ERROR "version 9.9 was found")
endif()
find_package(edgegrad 0.2 REQUIRED)
foreach(language c cc)
    add_executable(shared-${language} program.${language})
    target_link_libraries(shared-${language} edgegrad::edgegrad)
    add_executable(static-${language} program.${language})
    target_link_libraries(static-${language} edgegrad::static)
endforeach()
END
    CXXFLAGS=${CFLAGS:-} cmake -S . -B cmake -DCMAKE_PREFIX_PATH="$STAGE/usr" >log 2>&1 || broken "$(tail log)"
    cmake --build cmake >log 2>&1 || broken "$(tail log)"
    for program in shared-c shared-cc static-c static-cc; do
        finds_the_edges cmake/$program
    done
}

# The package for Python is built by `make check-python`, which runs this file with it.
@test "the same edges of a photograph: a script in Python" {
    [ -n "${EDGEGRAD_PYTHON-}" ] || skip "no Python package: make check-python builds it"
    cat >find_edges.py <<'END'
import sys
import edgegrad

edgegrad.write(sys.argv[2], edgegrad.canny(sys.argv[1]))                 # of the file
edgegrad.write("array.pgm", edgegrad.canny(edgegrad.read(sys.argv[1])))  # of an array
END
    finds_the_edges "$EDGEGRAD_PYTHON" find_edges.py
    cmp array.pgm found.pgm
}
