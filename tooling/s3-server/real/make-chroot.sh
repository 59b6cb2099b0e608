#!/bin/sh
# Makes a Debian unstable with Ceph in the directory $1. MIRROR says where packages come from.
# Needs root, debootstrap and a mount namespace of its own, so that no mount stays.
set -eu
root=$1
[ -x "$root/usr/bin/apt-get" ] || debootstrap --variant=minbase sid "$root" "${MIRROR:-http://deb.debian.org/debian}" >&2
# Nothing that is installed is started.
printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d"
chmod 755 "$root/usr/sbin/policy-rc.d"
# A mirror may lag behind.
echo 'Acquire::Check-Valid-Until "false";' >"$root/etc/apt/apt.conf.d/99lagging"
# Scripts of packages look into both.
mount --bind /proc "$root/proc"
mount --bind /dev "$root/dev"
export DEBIAN_FRONTEND=noninteractive
chroot "$root" apt-get update >&2
chroot "$root" apt-get install -y --no-install-recommends radosgw ceph-mon ceph-osd ceph-common >&2
