# What every lint of C needs: each line without its comments and the insides of its quotes. `code` is the line so
# bared, `note` what its comments say, `slashes` whether it holds a comment of two slashes.
function bare(line,    n, i, c, two, out)
{
    note = ""
    slashes = 0
    if (!in_block && line !~ /["'\/]/) {
        code = line
        return
    }
    n = length(line)
    out = ""
    quote = ""
    for (i = 1; i <= n; i++) {
        c = substr(line, i, 1)
        two = substr(line, i, 2)
        if (in_block) {
            if (two == "*/") {
                in_block = 0
                i++
            } else {
                note = note c
            }
        } else if (quote != "") {
            if (c == "\\")
                i++
            else if (c == quote) {
                quote = ""
                out = out c
            }
        } else if (two == "/*") {
            in_block = 1
            i++
        } else if (two == "//") {
            slashes = 1
            note = note substr(line, i)
            break
        } else {
            if (c == "\"" || c == "'")
                quote = c
            out = out c
        }
    }
    code = out
}
