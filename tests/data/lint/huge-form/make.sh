i=0; while [ $i -lt 60000 ]; do echo ',,,,,,,,,,,,,,,,,,'; i=$((i + 1)); done >>"$1/forms/leak.csv"
