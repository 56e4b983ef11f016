ln -s /etc/hostname "$1/docs/guidance/host.md"
