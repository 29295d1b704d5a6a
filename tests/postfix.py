"""A private Postfix: a queue, a port and mailboxes of its own, started as its manual says and stopped with everything it started."""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

DOMAINS = ("team.example", "customer.example")
NEEDED = ("postfix", "postmap", "sieve-filter")
PATIENCE = 120.0
# No resolver, no chroot, nothing that is looked up: each service that mail needs from the port to a Maildir.
SERVICES = """\
{port} inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
showq unix n - n - - showq
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
"""
SETTINGS = """\
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
maillog_file = {folder}/log/mail.log
maillog_file_prefixes = {folder}/log
myhostname = mail.team.example
mydestination =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
smtpd_peername_lookup = no
alias_maps =
alias_database =
default_transport = error:no mail leaves this test
relay_transport = error:no mail leaves this test
local_transport = error:no mail goes to this machine
virtual_transport = virtual
virtual_mailbox_domains = {domains}
virtual_mailbox_base = {folder}/mail
virtual_mailbox_maps = hash:{folder}/config/mailboxes
virtual_minimum_uid = 1
virtual_uid_maps = static:{owner.pw_uid}
virtual_gid_maps = static:{owner.pw_gid}
virtual_mailbox_limit = 0
smtpd_relay_restrictions = permit_mynetworks, reject
smtpd_recipient_restrictions = check_recipient_access hash:{folder}/config/access, permit_mynetworks, reject
smtpd_error_sleep_time = 0
"""
SORTING = """\
mail_location = maildir:{maildir}
mail_uid = {owner.pw_uid}
mail_gid = {owner.pw_gid}
first_valid_uid = 1
base_dir = {folder}/sieve
state_dir = {folder}/sieve
stats_writer_socket_path =
"""


@dataclass(frozen=True, slots=True)
class Postfix:
    """A running Postfix: ``port`` takes mail for the mailboxes that it was told."""

    folder: Path
    port: int

    def mailbox(self, *addresses: str) -> None:
        """Open mailboxes."""
        self._say("mailboxes", {each: f"{each}/" for each in addresses})

    def answer(self, address: str, words: str) -> None:
        """Give an answer for an address from now on, such as ``450 4.2.0 Come back later``; OK takes what comes."""
        self._say("access", {address: words})

    def maildir(self, address: str) -> Path:
        """Give where the mail of an address is."""
        return self.folder / "mail" / address

    def arrived(self, address: str, number: int) -> list[bytes]:
        """Wait until so many mails are there, and give them as they lie in the Maildir, by the time of their arrival.

        :raises AssertionError: if they do not come; it has the server's own words.
        """
        until = time.monotonic() + PATIENCE
        while len(found := sorted(self.maildir(address).glob("new/*"))) < number:
            assert time.monotonic() < until, (address, found, self.log())
            time.sleep(0.05)
        return [each.read_bytes() for each in found]

    def sorted_by(self, script: str, address: str) -> dict[str, list[Path]]:
        """Let a Sieve script sort a mailbox, and give the mails of each folder; INBOX keeps the others."""
        place, maildir = self.folder / "sieve", self.maildir(address)
        place.mkdir(exist_ok=True)
        (place / "script.sieve").write_text(script)
        (place / "dovecot.conf").write_text(SORTING.format(maildir=maildir, folder=self.folder, owner=_owner()))
        shutil.chown(place, "nobody")
        run("sieve-filter", "-c", str(place / "dovecot.conf"), "-e", "-W", str(place / "script.sieve"), "INBOX")
        folders = {"INBOX": maildir} | {each.name.removeprefix("."): each for each in maildir.glob(".*/")}
        return {name: sorted([*each.glob("new/*"), *each.glob("cur/*")]) for name, each in folders.items()}

    def log(self) -> str:
        """Give what the server has said so far."""
        return "".join(each.read_text("utf-8", "replace") for each in sorted((self.folder / "log").iterdir()))

    def _say(self, table: str, entries: dict[str, str]) -> None:
        path = self.folder / "config" / table
        known = dict(line.split(" ", 1) for line in path.read_text().splitlines()) if path.exists() else {}
        path.write_text("".join(f"{key} {words}\n" for key, words in {**known, **entries}.items()))
        table_file = path.with_name(f"{table}.db")
        changed_at = table_file.stat().st_mtime if table_file.exists() else time.time()
        run("postmap", "-c", str(path.parent), f"hash:{path}")
        os.utime(table_file, (changed_at + 1, changed_at + 1))  # Postfix sees a change by its second.


def missing() -> str:
    """Tell in one line what this machine lacks for a Postfix of our own; nothing if it has everything."""
    if absent := [name for name in NEEDED if shutil.which(name, path=paths()) is None]:
        return f"The mail journey needs {', '.join(absent)}: 'apt install postfix dovecot-sieve' (Debian)."
    return "" if os.geteuid() == 0 else "The mail journey needs the superuser: Postfix starts for nobody else."


def paths() -> str:
    """Give where programs are, those of a superuser too."""
    return os.pathsep.join((os.environ.get("PATH", ""), "/usr/sbin", "/sbin"))


def run(*command: str, **more: object) -> str:
    """Run a program to its end and give what it said."""
    environ = {**os.environ, "PATH": paths()}
    done = subprocess.run(command, env=environ, capture_output=True, text=True, timeout=PATIENCE, check=False, **more)  # type: ignore[call-overload]
    assert done.returncode == 0, (command, done.stdout, done.stderr)
    return str(done.stdout)


@contextmanager
def serve_postfix() -> Iterator[Postfix]:
    """Run a server with its configuration, queue, data and mail in a folder of its own, which is gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="postfix-"))
    postfix = Postfix(folder, _free_port())
    try:
        _write(postfix)
        environ = {**os.environ, "PATH": paths()}
        with (folder / "log" / "start.log").open("wb") as said:
            server = subprocess.Popen(["postfix", "-c", str(folder / "config"), "start-fg"], env=environ, stdout=said, stderr=said)
        try:
            _wait(postfix, server)
            yield postfix
        finally:
            _stop(postfix, server)
    finally:
        shutil.rmtree(folder)


def _write(postfix: Postfix) -> None:
    owner, folder = _owner(), postfix.folder
    folder.chmod(0o755)  # Its daemons are not the superuser.
    for name in ("config", "queue", "data", "mail", "log"):
        (folder / name).mkdir(mode=0o755)
    shutil.chown(folder / "data", "postfix")
    os.chown(folder / "mail", owner.pw_uid, owner.pw_gid)
    (folder / "config" / "main.cf").write_text(SETTINGS.format(folder=folder, domains=", ".join(DOMAINS), owner=owner))
    (folder / "config" / "master.cf").write_text(SERVICES.format(port=postfix.port))
    postfix.mailbox(*(f"postmaster@{domain}" for domain in DOMAINS))
    postfix.answer("nobody.example", "REJECT")


def _owner() -> pwd.struct_passwd:
    """Give whom the mail belongs to: neither a mail server nor a sorter works for the superuser."""
    return pwd.getpwnam("nobody")


def _wait(postfix: Postfix, server: subprocess.Popen[bytes]) -> None:
    """Wait for its greeting."""
    until = time.monotonic() + PATIENCE
    while True:
        with suppress(OSError), socket.create_connection(("127.0.0.1", postfix.port), 5) as line:
            if line.recv(4) == b"220 ":
                line.sendall(b"QUIT\r\n")
                return
        assert server.poll() is None, ("postfix has ended", postfix.log())
        assert time.monotonic() < until, postfix.log()
        time.sleep(0.05)


def _stop(postfix: Postfix, server: subprocess.Popen[bytes]) -> None:
    """End the master, which ends its daemons; whatever happened, none of its group is left."""
    lock = postfix.folder / "queue" / "pid" / "master.pid"
    master = int(lock.read_text()) if lock.exists() else 0
    with suppress(AssertionError, subprocess.TimeoutExpired):
        run("postfix", "-c", str(postfix.folder / "config"), "stop")
    with suppress(ProcessLookupError, PermissionError):
        if master > 1:
            os.killpg(master, signal.SIGKILL)
    with suppress(ProcessLookupError):
        server.kill()
    server.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
