#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# The command line: commands, operands, options, values, help, and messages about errors in it.

load common

# Prints a word with two letters in its middle swapped.
slip() {
    local at=$((${#1} / 2 - 1))
    [ "${1:at:1}" != "${1:at+1:1}" ] || at=$((at + 1))
    printf '%s%s%s%s' "${1:0:at}" "${1:at+1:1}" "${1:at:1}" "${1:at+2}"
}

@test "no arguments: the overview on standard error, exit 2" {
    try
    [ "$status" -eq 2 ]
    [ -z "$output" ]
    [[ $stderr == *usage:* ]]
}

@test "help and version go to standard output, exit 0" {
    for args in --help -h help "help help" --version -V "edges --version" "info -V"; do
        # shellcheck disable=SC2086 # words
        prints $args
    done
    prints --version
    [[ ${lines[0]} == "edgegrad "[0-9]*.[0-9]*.[0-9]* ]]
    [[ $output == *libpng* && $output == *"instruction set"* ]]
}

@test "the version names vulnerabilities that libraries may have, only those of their versions" {
    prints --version
    png=$(sed -n 's/^libpng 1\.6\.//p' <<<"$output")
    while read -r library _ before _ _ cve; do
        [[ $library =~ ^lib(png|tiff|jpeg-turbo)$ && $cve == CVE-[0-9]* ]] || broken "$library $cve"
        [[ $library != libpng ]] || [ "$png" -lt "${before#1.6.}" ] || broken "libpng $png: $cve"
    done < <(sed '1,/^Vulnerabilities/d' <<<"$output")
}

@test "the two ways to get all help of a command print the same" {
    [ "$(all_commands | wc -l)" -ge 8 ]
    for command in $(all_commands); do
        prints "$command" --help
        page=$output
        prints "help" "$command"
        [ "$output" = "$page" ]
        [[ $page == "usage: edgegrad "*"$command"* ]]
        edgegrad help "$command" | awk 'length > 100 { exit 1 }'
    done
}

@test "the overview names every command with its summary" {
    prints --help
    for command in $(all_commands); do
        grep -Eq "^  $command +[A-Z].{10}" <<<"$output"
    done
}

@test "help of an unknown command suggests the nearest one" {
    fails 2 "did you mean gradient?" help gradeint
    fails 2 "unknown command 'qwertz'" help qwertz
    fails 2 "did you mean formats?" help format
    misused "unexpected operand 'info'" help edges info
}

@test "a misspelt command gets a suggestion" {
    for command in gradient info edges slope aspect hillshade; do
        misused "unknown command '$(slip "$command")'; did you mean $command?" \
            "$(slip "$command")" a.png
    done
    misused "did you mean gradient?" gradint a.png b.png
    holds ""
}

@test "words of the field in the place of a command get the command that does it" {
    misused "'tri' is a map of the command terrain: edgegrad terrain dem.tif --tri out.tif" tri dem.tif out.tif
    misused "'TPI' is a map of the command terrain: edgegrad terrain dem.tif --tpi OUTPUT" TPI dem.tif
    misused "'canny' is the edge detector of the command edges: edgegrad edges a b" canny a b
    misused "edgegrad gradient --op sobel3 a.png b.png" sobel a.png b.png
    misused "'version' is the option --version: edgegrad --version" version
    misused "edgegrad info a.tif" gdalinfo a.tif
    misused "'TRI' is a map of the command terrain" TRI -alg Wilson a.tif b.tif
    misused "'tri' is a map of the command terrain" tri --tri-method wilson a.tif b.tif
    misused "'color-relief' is a map of gdaldem that is not here" color-relief a.tif colours.txt b.tif
    misused "'r.slope.aspect' is a module of GRASS" r.slope.aspect elevation=a.tif slope=b.tif
    misused "did you mean help?" hlep
    misused "did you mean slope?" SLOPE a b
    misused "'tri' is a map of the command terrain" help tri
    mkdir folder
    misused "'qwertz' is neither a command nor a file" qwertz dem.tif folder
    misused "'qwertz' is neither a command nor a file" qwertz dem.tif b.tif -o folder
    misused "'qwertz' is neither a command nor a file, and 'out.tif' is not a folder" qwertz dem.tif out.tif
    fails 4 "qwertz: no such file" qwertz out.png
    cp "$SMALL/grey.png" tri
    quiet tri out.png
    holds folder out.png tri
    [ -z "$(ls -A folder)" ]
}

# Every example names a command and options that exist.
@test "the examples for words of the field are right" {
    known=$(edgegrad help --completion fish | sed -n "s/.*__edgegrad_is \([a-z-]*\)' -l \([a-z0-9-]*\).*/\1 --\2/p")
    # shellcheck disable=SC2013 # words
    for word in $(sed -n '/^} words\[\]/,/^};/s/^    {"\([a-z0-9-]*\)",.*/\1/p' "$TOP/src/cli/options/suggest.c"); do
        misused "'$word' is" "$word" in.tif out.tif
        example=${stderr#*: edgegrad }
        example=${example% (see edgegrad*}
        for option in $(grep -o -e ' --[a-z0-9-]*' <<<" $example"); do
            grep -qx -e "${example%% *} $option" <<<"$known" ||
                [[ $option == --version || $option == --help ]] || broken "$word: no $option: $example"
        done
    done
    holds ""
}

@test "options of other programs get the option that does it, and make nothing" {
    misused "--percent: use --unit percent" slope --percent a.tif b.tif
    misused "--alg Horn: use --derivative horn" slope --alg=Horn a.tif b.tif
    misused "--zero-for-flat: use --flat 0" aspect --zero-for-flat a b
    misused "--ksize 5: use --op sobel5" gradient --ksize 5 a b
    misused "--low-threshold 20: use --low 20" --low-threshold 20 a b
    misused "--blur 2: use --sigma 2" --blur 2 a b
    misused "--learning-rate 0.1: use --rate 0.1" descent x --learning-rate 0.1
    misused "unknown option --ksize" gradient --ksize 9 a b
    misused "unknown option --percent" gradient --percent a b
    misused "-of GTiff: use --format tiff" slope a.tif b.tif -of GTiff
    misused "-of XYZ: use --format NAME" slope a.tif b.tif -of XYZ
    misused "-s 111120: use --scale 111120" hillshade -s 111120 a.tif b.tif
    misused "-p: use --unit percent" slope -p a.tif b.tif
    misused "-compute_edges: use --edges extrapolate" slope -compute_edges a.tif b.tif
    misused "-alg ZevenbergenThorne: use --derivative zevenbergen-thorne" slope -alg ZevenbergenThorne a b
    misused "-alg Wilson: use --tri-method wilson" terrain a.tif --tri b.tif -alg Wilson
    misused "-az 300: use --azimuth 300" hillshade -az 300 a b
    misused "-alt 30: use --altitude 30" hillshade -alt 30 a b
    misused "-z 2: use --z-factor 2" hillshade -z 2 a b
    misused "-zero_for_flat: use --flat 0" aspect -zero_for_flat a b
    misused "unknown option -p" hillshade -p a b
    misused "-xscale 2: use --scale S, one for both directions" slope -xscale 2 -yscale 3 a b
    misused "-b 2: use --band 2" slope -b 2 a b
    misused "--zscale 2: use --z-factor 2" slope --zscale 2 a b
    misused "-e: use --edges extrapolate" aspect -e a b
    misused "--pcurvature c.tif: use --profile-curvature c.tif" terrain a --pcurvature c.tif
    misused "--plan-curvature c.tif: use --tangential-curvature c.tif" terrain a --plan-curvature=c.tif
    misused "unknown option -nearest_color_entry" hillshade -nearest_color_entry a b
    misused "unknown option -igor; did you mean --igor?" hillshade -igor a b
    misused "unknown option -multidirectional; did you mean --multidirectional?" hillshade -multidirectional a b
    misused "unknown option -sigma; did you mean --sigma?" -sigma=2 a b
    holds ""
}

@test "an existing file with a name like a command is an operand" {
    cp "$SMALL/grey.png" edge
    quiet edge out.png
    quiet edges edge out2.png
    cmp out.png out2.png
}

@test "the command comes before its options" {
    misused "edgegrad gradient" --sigma 1 gradient a.png b.png
}

@test "missing and unexpected operands" {
    misused "missing INPUT: edgegrad edges INPUT... OUTPUT (see edgegrad edges --help)" edges
    misused "missing OUTPUT: edgegrad edges INPUT... OUTPUT" a.png
    misused "missing OUTPUT: edgegrad gradient INPUT... OUTPUT" gradient a.png
    misused "missing FILE: edgegrad info FILE..." info
    misused "unexpected operand '1,1'; a formula or a point that has blanks stands in quotes, and a point after --at" surface 'x*y' 1,1
    misused "unexpected operand '1'; a formula or a point that has blanks" descent 'x*y' --from 1 1
    fails 2 "'three' is not a folder" one two three
    fails 2 "'three' is not a folder" gradient one two three
    holds ""
}

@test "every option with its letters swapped is suggested" {
    while read -r command name; do
        [ "${#name}" -ge 5 ] && [ "$(slip "$name")" != "$name" ] || continue
        fails 2 "unknown option --$(slip "$name"); did you mean --$name?" \
            "$command" "--$(slip "$name")"
    done < <(fresh_names)
}

@test "every command refuses an unknown option" {
    for command in $(all_commands); do
        fails 2 "unknown option --qwertz" "$command" --qwertz
        fails 2 "unknown option -Z" "$command" x -Z
        fails 2 "(see edgegrad $command --help)" "$command" x -Z
    done
}

@test "an option of another command is refused with the name of that command" {
    fails 2 "it belongs to edgegrad edges" gradient --low 1 a b
    fails 2 "it belongs to edgegrad gradient" --map x a b
    fails 2 "it belongs to edgegrad help" info --man a
}

@test "every option with a value refuses a missing and an invalid one" {
    flags=$(for command in $(all_commands); do flags "$command"; done)
    any=$(file_options edges; file_options gradient; file_options terrain; file_options surface; file_options descent; printf '%s\n' format output pattern at let with along level to \
        error implicit lagrange flux work compare critical in roots intersect conductivity grid from model data target axes range field from-pixel weights fix bounds function table) # formulas: the message shows the position
    count=0
    while read -r command name; do
        count=$((count + 1))
        if grep -qx -e "$name" <<<"$flags"; then
            fails 2 "--$name takes no value" "$command" "--$name=1"
            continue
        fi
        fails 2 "--$name needs a value" "$command" "--$name"
        fails 2 "--$name: '' " "$command" "--$name="
        grep -qx -e "$name" <<<"$any" || fails 2 "--$name: '?!' " "$command" "--$name" '?!' a b
    done < <(fresh_names)
    [ "$count" -ge 60 ]
}

@test "an invalid choice gets the list of choices and a suggestion" {
    for option in op norm border method; do
        names=$(choices edges "$option")
        [ "$(wc -l <<<"$names")" -ge 2 ]
        for name in $names; do
            fails 2 "$name" --"$option" qwertz a b
            [ "${#name}" -lt 4 ] || fails 2 "did you mean $name?" --"$option" "$(slip "$name")" a b
        done
    done
    fails 2 "did you mean direction?" gradient --map angle a b
    fails 2 "did you mean x?" gradient --map gx a b
    fails 2 "did you mean reflect?" gradient --border reflect101 a b
    for name in $(choices gradient map); do
        [ "${#name}" -lt 4 ] || fails 2 "did you mean $name?" gradient --map "$(slip "$name")" a b
    done
}

@test "numbers out of range are refused with the range" {
    fails 2 "'128.01' is outside the range 0 to 128 pixels" gradient --sigma 128.01 a b
    fails 2 "--sigma is 0 to 14 pixels with --op scharr" --op scharr --sigma 14.01 a b
    fails 2 "'26%' is outside the range" --sigma 26% a b
    fails 2 "'0%' is outside the range" --sigma 0% a b
    fails 2 "'101%' is outside the range 0 to 100 percent" --density 101% a b
    fails 2 "thresholds in percent are 0% to 100%" --high 101% a b
    fails 2 "'-1' is outside the range" --sigma -1 a b
    fails 2 "'-0.5' is outside the range" --low=-0.5 a b
    fails 2 "outside the range 1 to 100" --quality 0 a b
    fails 2 "outside the range 1 to 100" --quality 101 a b
    fails 2 "outside the range 0 to 9" --compression 10 a b
    fails 2 "outside the range 0 to 1024" --threads 1025 a b
    fails 2 "is outside the range" --max-memory 0 a b
    fails 2 "is outside the range" --max-memory 99999G a b
    fails 2 "is outside the range" --white 0 a b
}

@test "values that are not numbers are refused" {
    for text in one 1x 0x10 nan inf 1e999 '1 2' --; do
        fails 2 "--sigma: '$text' is not a number" --sigma "$text" a b
    done
    for text in 1.5 2x ''; do
        fails 2 "--threads: '$text' is not an integer" --threads "$text" a b
    done
    for text in 1.5 2T -K KK 1KB; do
        fails 2 "--max-side: '$text' is not a size" --max-side "$text" a b
    done
    for text in 5/pixel px automatic 5px; do
        fails 2 "--high: '$text' is not a threshold" --high "$text" a b
    done
}

@test "colours of --alpha" {
    fails 2 "is neither ignore, mask nor over=COLOUR" --alpha under=white a b
    for colour in '' mauve '#12' '#12345g' '#1234567'; do
        fails 2 "has no known colour after over=" --alpha "over=$colour" a b
    done
    for colour in '#fff' '#FFFFFF' white; do
        quiet --alpha "over=$colour" "$SMALL/rgba.png" "$colour.pgm"
        cmp "$colour.pgm" '#fff.pgm'
    done
    quiet --alpha over=black "$SMALL/rgba.png" black.pgm
    run -1 cmp -s black.pgm white.pgm
}

@test "options that cannot be used together" {
    fails 2 "cannot be used together" --op scharr --aperture 5 a b
    fails 2 "cannot be used together" gradient --aperture 7 --op=sobel3 a b
    fails 2 "--border-value has no effect without --border constant" --border-value 3 a b
    fails 2 "different units" --low 1 --high 2/px a b
    fails 2 "--threshold and --high cannot be used together" --threshold 1 --high 2 a b
    fails 2 "--threshold and --method canny cannot be used together" --method canny --threshold 1 a b
    fails 2 "--low has no effect with --method threshold" --method threshold --low 1 a b
    fails 2 "--low has no effect" --threshold 1 --low 1 a b
    fails 2 "--op gaussian and --compat cannot be used together" --op gaussian --compat opencv a b
    fails 2 "--op gaussian and --threshold without a unit cannot" --op gaussian --threshold 5 a b
    fails 2 "--threshold in percent needs --op gaussian, not sobel5" --op sobel5 --threshold 80% a b
    fails 2 "--op gaussian and --norm cannot be used together" gradient --op gaussian --norm l1 a b
    fails 2 "--op gaussian and --sigma 0 cannot be used together" gradient --op gaussian --sigma 0 a b
    try --sigma 40 --border-value 9 a b
    [ "$status" -eq 2 ]
    [ "$(wc -l <<<"$stderr")" -eq 1 ]
    holds ""
}

@test "a threshold of auto sets none" {
    quiet --auto otsu "$SMALL/rings.png" wanted.pgm
    quiet --auto otsu --high auto --low auto "$SMALL/rings.png" auto.pgm
    cmp wanted.pgm auto.pgm
    quiet --density 5% --high auto "$SMALL/rings.png" density.pgm
    quiet --compat skimage --low 3 "$SMALL/rings.png" wanted.pgm
    quiet --compat skimage --low 3 --high auto "$SMALL/rings.png" auto.pgm
    cmp wanted.pgm auto.pgm
}

@test "options stand anywhere, in every spelling, and the last one counts" {
    quiet --sigma 2 --threads 1 "$SMALL/grey.png" wanted.pgm
    quiet "$SMALL/grey.png" after.pgm --sigma 2 -t 1
    quiet "$SMALL/grey.png" --sigma=2 between.pgm --threads=1
    quiet edges -qt1 --sigma 9 "$SMALL/grey.png" --sigma 2 letters.pgm
    quiet -t1 -fpgm --sigma 2.0 -- "$SMALL/grey.png" ended
    for file in after.pgm between.pgm letters.pgm ended; do
        cmp wanted.pgm "$file"
    done
}

@test "-- ends the options; names may start with a dash" {
    cp "$SMALL/grey.png" ./-x.png
    quiet -- -x.png --out.png
    quiet -- ./-x.png ./--out2.png
    cmp ./--out.png ./--out2.png
    fails 2 "unknown option -x.png" -x.png out.png
    holds --out.png --out2.png -x.png
}

@test "negative values are values" {
    quiet --border constant --border-value -5 "$SMALL/grey.pfm" a.pgm
    quiet --border constant --border-value=-5 "$SMALL/grey.pfm" b.pgm
    cmp a.pgm b.pgm
    fails 2 "-5" --border constant --border-value -5 "$SMALL/grey.png" c.pgm
}

@test "unknown output formats are refused with the list of formats" {
    for name in out out.gif out.ppm out.png.bak out.; do
        fails 2 "PNG" "$SMALL/grey.png" "$name"
    done
    for name in gif xpm pnx qwertz; do
        fails 2 "unknown output format '$name'" --format "$name" "$SMALL/grey.png" out.png
    done
    holds ""
}

@test "empty names are refused" {
    fails 4 "empty" "" out.png
    fails 4 "empty" "$SMALL/grey.png" ""
    fails 4 "empty" --format png "$SMALL/grey.png" ""
    holds ""
}

@test "EDGEGRAD_CPU is checked like the option" {
    fails 2 "is not one of baseline" --cpu v9 "$SMALL/grey.png" out.png
    EDGEGRAD_CPU=v9 fails 2 "v9" "$SMALL/grey.png" out.png
    EDGEGRAD_CPU=baseline prints --version
    [[ $output == *"instruction set: baseline"* ]]
    holds ""
}

@test "--quiet suppresses messages about files, not about usage" {
    try -q missing.png out.png
    [ "$status" -eq 4 ]
    [ -z "$output$stderr" ]
    fails 2 "unknown option" -q --qwertz
}

@test "the completions have every option and choice" {
    fish=$(edgegrad help --completion fish)
    for command in $(all_commands); do
        # a line for each option, and one for each of its choices
        shown=$(edgegrad help "$command" | awk '
            /^  (-.,|   ) --/ { name = substr($0, 9); sub(/[^a-z0-9-].*/, "", name); print name }
            name && /^ / && match($0, /[^ ]/) == 31 { print name, $1 }')
        [ -n "$shown" ]
        unset rows
        declare -A rows
        while read -r row; do
            [[ $row =~ "is $command' -l "([a-z0-9-]*) ]] && rows[${BASH_REMATCH[1]}]=$row
        done <<<"$fish"
        while read -r name choice; do
            [[ ${rows[$name]} == *[\'\ ]"$choice"[\'\ ]* ]] || broken "$command $name $choice"
        done <<<"$shown"
    done
}
