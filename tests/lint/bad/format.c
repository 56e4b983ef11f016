/* What tests/lint/format.sh must find: the marked lines only. */
static int twice(int n)
{
    return n*2; /* WANT */
}

static int thrice(int n)
{
    return n * 3;
}
