#!/bin/sh
# Runs a command with the servers its tests need, and stops them afterwards:
#
#     sh e2e/services.sh go test ./...
#
# It starts a throw-away PostgreSQL and Redis on free loopback ports with their
# data in a temporary folder, exports MASHANG_TEST_POSTGRES, MASHANG_TEST_REDIS
# and MASHANG_TEST_CHROMIUM, and passes the command's exit code on. On a Debian
# where programs are missing it installs them first (as root, or through sudo).
# Inside another run of itself it only runs the command.
set -u

say() { printf 'services: %s\n' "$*" >&2; }
die() { say "$*"; exit 1; }

[ $# -gt 0 ] || die "usage: sh e2e/services.sh COMMAND [ARGUMENT...]"
if [ -n "${MASHANG_TEST_POSTGRES:-}" ] && [ -n "${MASHANG_TEST_REDIS:-}" ]; then
	exec "$@"
fi

# --- find, or install -------------------------------------------------------

has() { command -v "$1" >/dev/null 2>&1; }

# tool prints where a PostgreSQL program is: beside a complete installation
# first, because the data directory must be made by the server's own version.
tool() {
	for dir in $(ls -d /usr/lib/postgresql/*/bin /usr/pgsql-*/bin 2>/dev/null | sort -r -V) /usr/local/bin /usr/local/pgsql/bin; do
		if [ -x "$dir/postgres" ] && [ -x "$dir/initdb" ] && [ -x "$dir/$1" ]; then
			printf '%s\n' "$dir/$1"
			return
		fi
	done
	command -v "$1"
}

browser() {
	for name in chromium chromium-browser google-chrome; do
		if has "$name"; then
			command -v "$name"
			return
		fi
	done
	return 1
}

cjk() {
	for font in /usr/share/fonts/truetype/droid/DroidSansFallbackFull.ttf /usr/share/fonts/opentype/noto/NotoSansCJK*.ttc \
		/usr/share/fonts/truetype/noto/NotoSansCJK*.ttc /usr/share/fonts/truetype/wqy/*; do
		[ -e "$font" ] && return
	done
	has fc-list && [ -n "$(fc-list :lang=zh 2>/dev/null | head -n 1)" ]
}

missing() {
	if ! has gcc && ! has cc; then printf ' gcc libc6-dev'; fi
	has make || printf ' make'
	if ! tool postgres >/dev/null || ! tool initdb >/dev/null; then printf ' postgresql'; fi
	if ! has redis-server && ! has valkey-server; then printf ' redis-server'; fi
	browser >/dev/null || printf ' chromium'
	has zbarimg || printf ' zbar-tools'
	has pdftoppm || printf ' poppler-utils'
	cjk || printf ' fonts-droid-fallback'
}

install() {
	has apt-get || die "these Debian packages are missing, and there is no apt-get to install them: $*"
	if [ "$(id -u)" = 0 ]; then
		as=
	elif has sudo && sudo -n true 2>/dev/null; then
		as="sudo -n"
	else
		die "these Debian packages are missing, install them as root: apt-get install $*"
	fi
	say "installing: $*"
	# shellcheck disable=SC2086 # words on purpose
	$as apt-get -q update >&2 || say "the package lists could not be refreshed; trying with those at hand"
	# shellcheck disable=SC2086
	$as env DEBIAN_FRONTEND=noninteractive apt-get -q -y --no-install-recommends install $* >&2 </dev/null
}

want=$(missing)
if [ -n "$want" ]; then
	# shellcheck disable=SC2086
	install $want || say "not everything could be installed"
	left=$(missing)
	case "$left" in
	*postgresql* | *redis-server* | *gcc*) die "still missing:$left" ;;
	?*) say "still missing:$left; tests that need it will say so" ;;
	esac
fi

# --- one folder, in memory where there is room; one unprivileged user -----------

# roomy says whether memory can hold what tests write. Databases are made and
# dropped there by the hundred, and every commit waits for the disk: on a disk
# that is busy the same tests take five times as long.
roomy() {
	[ -d /dev/shm ] && [ -w /dev/shm ] || return 1
	free=$(df -Pk /dev/shm 2>/dev/null | awk 'NR == 2 { print $4 }')
	left=$(awk '/^MemAvailable:/ { print $2 }' /proc/meminfo 2>/dev/null)
	[ "${free:-0}" -gt 3000000 ] && [ "${left:-0}" -gt 5000000 ]
}

# disk is where programs are built. What is slow is large, and stays there whole.
disk=${TMPDIR:-/tmp}
base=$disk
case "$*" in
*slow*) ;;
*) ! roomy || base=/dev/shm ;;
esac
work=$(mktemp -d "$base/mashang-services.XXXXXX") || die "no temporary folder"
chmod 711 "$work"
mkdir "$work/pg" || die "no room in the temporary folder"
owner=
if [ "$(id -u)" = 0 ]; then
	for user in postgres nobody; do
		if id "$user" >/dev/null 2>&1; then
			owner=$user
			break
		fi
	done
	[ -n "$owner" ] || die "PostgreSQL does not run as root, and there is no other user to run it as"
	chown "$owner" "$work/pg"
fi

# plain runs a program as the unprivileged user when we are root: PostgreSQL refuses root.
plain() {
	if [ -z "$owner" ]; then
		"$@"
	elif has setpriv; then
		setpriv --reuid="$(id -u "$owner")" --regid="$(id -g "$owner")" --clear-groups env HOME="$work/pg" "$@"
	else
		runuser -u "$owner" -- env HOME="$work/pg" "$@"
	fi
}

number() { od -An -N2 -tu2 /dev/urandom | tr -d ' \n'; }
port() { echo $((20000 + $(number) % 12000)); }
secret() { od -An -N12 -tx1 /dev/urandom | tr -d ' \n'; }

child=
redis=
stopped=
stop() {
	[ -z "$stopped" ] || return
	stopped=1
	trap '' INT TERM HUP
	if [ -n "$child" ] && kill -0 "$child" 2>/dev/null; then
		kill -TERM "$child" 2>/dev/null
		wait "$child" 2>/dev/null
	fi
	[ -f "$work/pg/data/postmaster.pid" ] && (cd "$work/pg" && plain "$ctl" -D "$work/pg/data" -m immediate -w stop >/dev/null 2>&1)
	if [ -n "$redis" ]; then
		kill -TERM "$redis" 2>/dev/null
		wait "$redis" 2>/dev/null
	fi
	rm -rf "$work"
}
trap stop EXIT
trap 'stop; exit 130' INT
trap 'stop; exit 143' TERM
trap 'stop; exit 129' HUP

# --- PostgreSQL: durability is not under test here, speed matters -------------

ctl=$(tool pg_ctl) && initdb=$(tool initdb) || die "PostgreSQL's pg_ctl and initdb were not found"
word=$(secret)
printf '%s\n' "$word" >"$work/pg/word"
[ -z "$owner" ] || chown "$owner" "$work/pg/word"
cd_back=$(pwd)
cd "$work/pg" || exit 1
plain "$initdb" -D "$work/pg/data" -U mashang -E UTF8 --locale=C -A password --pwfile="$work/pg/word" -N >"$work/initdb.log" 2>&1 ||
	{ cat "$work/initdb.log" >&2; die "PostgreSQL's initdb failed"; }
cat >>"$work/pg/data/postgresql.conf" <<CONF
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
fsync = off
synchronous_commit = off
full_page_writes = off
wal_level = minimal
max_wal_senders = 0
max_connections = 300
shared_buffers = 64MB
max_wal_size = 256MB
CONF
try=0
until
	pgport=$(port)
	plain "$ctl" -D "$work/pg/data" -o "-p $pgport" -l "$work/pg/log" -w -t 60 start >/dev/null 2>&1 </dev/null
do
	try=$((try + 1))
	[ $try -lt 10 ] || { cat "$work/pg/log" >&2; die "PostgreSQL does not start"; }
done
cd "$cd_back" || exit 1

# --- Redis: nothing on disk ---------------------------------------------------

server=$(command -v redis-server || command -v valkey-server) || die "redis-server was not found"
try=0
while :; do
	redisport=$(port)
	printf 'port %s\nbind 127.0.0.1\nsave ""\nappendonly no\ndir %s\nrequirepass %s\n' "$redisport" "$work" "$word" >"$work/redis.conf"
	: >"$work/redis.log"
	"$server" "$work/redis.conf" >"$work/redis.log" 2>&1 </dev/null &
	redis=$!
	n=0
	while kill -0 "$redis" 2>/dev/null && ! grep -q 'Ready to accept connections' "$work/redis.log" && [ $n -lt 100 ]; do
		n=$((n + 1))
		sleep 0.1
	done
	if kill -0 "$redis" 2>/dev/null && grep -q 'Ready to accept connections' "$work/redis.log"; then
		break
	fi
	kill "$redis" 2>/dev/null
	try=$((try + 1))
	[ $try -lt 10 ] || { cat "$work/redis.log" >&2; die "Redis does not start"; }
done

# --- the command ----------------------------------------------------------------

MASHANG_TEST_POSTGRES="postgres://mashang:$word@127.0.0.1:$pgport/postgres?sslmode=disable"
MASHANG_TEST_REDIS="redis://:$word@127.0.0.1:$redisport/0"
MASHANG_TEST_CHROMIUM=${MASHANG_TEST_CHROMIUM:-$(browser || :)}
export MASHANG_TEST_POSTGRES MASHANG_TEST_REDIS MASHANG_TEST_CHROMIUM

# The tests' own files lie beside the servers', if programs may run from there.
if [ "$base" != "$disk" ] && cp "$(command -v sh)" "$work/sh" && "$work/sh" -c : 2>/dev/null; then
	mkdir -m 700 "$work/tmp"
	GOTMPDIR=${GOTMPDIR:-$disk}
	TMPDIR=$work/tmp
	export GOTMPDIR TMPDIR
fi

exec 3<&0
"$@" <&3 &
child=$!
wait "$child"
code=$?
child=
exit $code
