#!/bin/sh
# One node of Ceph with an object gateway, in memory, inside the chroot $1: port of the gateway $2, ports of the monitor
# $3 and $4, keys $5 and $6. Lines on the standard input kill and start the gateway; at their end everything ends.
# Runs as the first process of its own process and mount namespaces: when it ends, nothing of it is left.
set -eu
root=$1
mount -t proc proc "$root/proc"
mount --bind /dev "$root/dev"
mount -t tmpfs tmpfs "$root/srv"
cat >"$root/srv/ceph.conf" <<C
[global]
fsid = $(cat /proc/sys/kernel/random/uuid)
mon host = [v2:127.0.0.1:$3,v1:127.0.0.1:$4]
keyring = /srv/keyring
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 8
osd pool default pg autoscale mode = off
mon allow pool size one = true
mon max pg per osd = 5000
osd crush chooseleaf type = 0
osd objectstore = memstore
memstore device bytes = 4294967296
run dir = /srv/run
log file = /srv/\$name.log
mon data = /srv/mon
osd data = /srv/osd
rgw frontends = beast endpoint=127.0.0.1:$2
C
cat >"$root/srv/start" <<'S'
set -eu
export CEPH_CONF=/srv/ceph.conf
mkdir -p /srv/mon /srv/osd /srv/run
fsid=$(sed -n 's/^fsid = //p' $CEPH_CONF)
osd=$(cat /proc/sys/kernel/random/uuid)
monmaptool --create --fsid "$fsid" --addv a "[v2:127.0.0.1:$2/0,v1:127.0.0.1:$3/0]" /srv/monmap
ceph-authtool -C /srv/keyring --gen-key -n mon. --cap mon 'allow *'
ceph-authtool /srv/keyring --gen-key -n client.admin --cap mon 'allow *' --cap osd 'allow *' --cap mgr 'allow *'
ceph-mon -i a --mkfs --monmap /srv/monmap --keyring /srv/keyring
ceph-mon -i a
ceph-authtool /srv/keyring --gen-key -n osd.0 --cap mon 'allow profile osd' --cap osd 'allow *'
ceph auth add osd.0 -i /srv/keyring
ceph osd new "$osd"
ceph-osd -i 0 --mkfs --osd-uuid "$osd"
ceph-osd -i 0
radosgw-admin user create --uid=tests --display-name=tests --access-key="$4" --secret-key="$5"
S
chroot "$root" sh /srv/start "$2" "$3" "$4" "$5" "$6" >"$root/srv/start.log" 2>&1 || {
  tail -n 5 "$root/srv/start.log" >&2
  exit 1
}
gateway=
while read -r line; do
  case $line in
  start)
    CEPH_CONF=/srv/ceph.conf chroot "$root" radosgw -f -n client.admin >>"$root/srv/gateway.log" 2>&1 &
    gateway=$!
    ;;
  kill)
    kill -KILL "$gateway"
    wait "$gateway" || true
    echo killed
    ;;
  esac
done
