#!/usr/bin/env bash
# Makes what a virtual Debian node boots from, as root:
#
#   build.sh SUITE FOLDER
#
# FOLDER, which must not exist, gets the files disk (ext4 with the label "node", sparse), kernel,
# initrd, key (with which root is reached over ssh) and known_hosts (the node's own key under the
# name "node").
set -euo pipefail
suite=$1 folder=$2

packages=(
  linux-image-cloud-amd64 initramfs-tools systemd-sysv udev dbus kmod procps iproute2 openssh-server
  docker.io containerd runc containernetworking-plugins iptables apparmor ca-certificates
)
# Debian 13 has the client apart.
[[ $suite == bookworm ]] || packages+=(docker-cli)

# The mirror of one of Debian's archives that this machine's apt uses: mirror LABEL DEFAULT
mirror() {
  apt-get indextargets --format "\$(ORIGIN)/\$(LABEL) \$(REPO_URI)" 'Created-By: Packages' |
    awk -v archive="Debian/$1" -v found="$2" '$1 == archive { found = $2 } END { print found }'
}
main=$(mirror Debian http://deb.debian.org/debian/)
security=$(mirror Debian-Security http://deb.debian.org/debian-security/)

root="$folder/root"
mkdir -p "$root"
mmdebstrap --quiet --mode=root --variant=minbase \
  --include="$(IFS=, && printf '%s' "${packages[*]}")" \
  --aptopt='APT::Install-Recommends "false"' \
  --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/man/*' \
  --dpkgopt='path-exclude=/usr/share/locale/*' \
  "$suite" "$root" \
  "deb $main $suite main" "deb $main $suite-updates main" "deb $security $suite-security main"

ssh-keygen -q -t ed25519 -N '' -C 'tests of a virtual node' -f "$folder/key"
rm -f "$root"/etc/ssh/ssh_host_*
ssh-keygen -q -t ed25519 -N '' -C node -f "$root/etc/ssh/ssh_host_ed25519_key"
awk '{ print "node", $1, $2 }' "$root/etc/ssh/ssh_host_ed25519_key.pub" >"$folder/known_hosts"
install -d -m 700 "$root/root/.ssh"
install -m 600 "$folder/key.pub" "$root/root/.ssh/authorized_keys"

# The addresses of qemu's user network.
cat >"$root/etc/systemd/network/10-user.network" <<'TEXT'
[Match]
Type=ether
Name=en* eth*

[Network]
Address=10.0.2.15/24
Gateway=10.0.2.2
TEXT
echo node >"$root/etc/hostname"
echo '127.0.0.1 localhost node' >"$root/etc/hosts"
echo 'nameserver 10.0.2.3' >"$root/etc/resolv.conf"
echo 'LABEL=node / ext4 defaults 0 0' >"$root/etc/fstab"
echo uninitialized >"$root/etc/machine-id"
mkdir -p "$root/etc/docker"
echo '{"exec-opts": ["native.cgroupdriver=systemd"]}' >"$root/etc/docker/daemon.json"
chroot "$root" systemctl --quiet enable systemd-networkd
# A node of some minutes has no use for them, and they would run while tests measure.
chroot "$root" systemctl --quiet mask systemd-networkd-wait-online.service systemd-firstboot.service \
  apt-daily.timer apt-daily-upgrade.timer dpkg-db-backup.timer e2scrub_all.timer \
  e2scrub_reap.service fstrim.timer getty.target

cp "$root"/boot/vmlinuz-* "$folder/kernel"
cp "$root"/boot/initrd.img-* "$folder/initrd"
mke2fs -q -t ext4 -L node -d "$root" "$folder/disk" 8G
rm -rf --one-file-system "$root" "$folder/key.pub"
