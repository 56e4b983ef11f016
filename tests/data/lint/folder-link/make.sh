ln -s /etc "$1/docs/elsewhere"
