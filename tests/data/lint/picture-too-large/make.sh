head -c 700000 /dev/zero | tr '\0' ' ' >>"$1/pictures/plate.svg"
