"""Runs inside the sandbox during `axiom doctor`: tries what hostile code would try and prints what came of it, as one JSON line."""

import ctypes
import errno
import json
import os
import resource
import socket
import stat
import time

seen = {}


def attempt(name, action):
    """Keep what the action returned, or the name of the error it met."""
    try:
        seen[name] = action()
    except OSError as error:
        seen[name] = errno.errorcode.get(error.errno, str(error.errno)) if error.errno else type(error).__name__


def connect(host, port):
    def action():
        socket.create_connection((host, port), timeout=2).close()
        return "connected"

    return action


def write(path):
    def action():
        with open(path, "w") as file:
            file.write("x")
        os.unlink(path)
        return "written"

    return action


def status_field(name):
    with open("/proc/self/status") as file:
        return next((line.split(":", 1)[1].strip() for line in file if line.startswith(name + ":")), "")


def libc(name, *arguments):
    def action():
        library = ctypes.CDLL(None, use_errno=True)
        return "allowed" if getattr(library, name)(*arguments) == 0 else errno.errorcode.get(ctypes.get_errno(), "refused")

    return action


def fork_until_refused():
    children = []
    try:
        while len(children) < 5000:
            pid = os.fork()
            if pid == 0:
                time.sleep(20)
                os._exit(0)
            children.append(pid)
        return "not refused"
    except BlockingIOError:
        return len(children)
    finally:
        for pid in children:
            os.kill(pid, 9)
            os.waitpid(pid, 0)


def sparse():
    try:
        with open("/work/repo/sparse", "wb") as file:
            file.truncate(10 * 1024**3)
        return "made"
    finally:
        os.unlink("/work/repo/sparse")


def fill():
    written = 0
    block = b"\0" * 1024**2
    try:
        for number in range(4096):
            with open(f"/work/repo/fill{number}", "wb") as file:
                file.write(block)
            written += len(block)
        return "not refused"
    except OSError:
        return written
    finally:
        for name in os.listdir("/work/repo"):
            if name.startswith("fill"):
                os.unlink("/work/repo/" + name)


def many_files():
    os.mkdir("/work/repo/many")
    made = 0
    try:
        for number in range(50000):
            open(f"/work/repo/many/{number}", "w").close()
            made += 1
        return "not refused"
    except OSError:
        return made
    finally:
        for name in os.listdir("/work/repo/many"):
            os.unlink("/work/repo/many/" + name)


def orphans_are_reaped():
    pid = os.fork()
    if pid == 0:
        if os.fork() == 0:
            time.sleep(0.2)
        os._exit(0)
    os.waitpid(pid, 0)
    time.sleep(1.0)
    states = []
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                with open(f"/proc/{entry}/stat") as file:
                    states.append(file.read().rpartition(")")[2].split()[0])
            except OSError:
                continue
    return states.count("Z")


def busy(seconds):
    """CPU seconds per second that two processes get."""
    pids = []
    started = time.monotonic()
    for _ in range(2):
        pid = os.fork()
        if pid == 0:
            while time.monotonic() - started < seconds:
                pass
            os._exit(0)
        pids.append(pid)
    used = sum(sum(os.wait4(pid, 0)[2][:2]) for pid in pids)
    return round(used / (time.monotonic() - started), 3)


attempt("internet", connect("8.8.8.8", 53))
attempt("metadata", connect("169.254.169.254", 80))
attempt("dns", lambda: socket.gethostbyname("pypi.org"))
seen["interfaces"] = sorted(os.listdir("/sys/class/net"))
seen["environment"] = sorted(os.environ)
seen["socket"] = [p for p in ("/var/run/docker.sock", "/run/docker.sock", "/run/containerd/containerd.sock") if os.path.exists(p)]
seen["uid"] = os.getuid()
seen["groups"] = os.getgroups()
for field in ("CapEff", "CapBnd", "NoNewPrivs", "Seccomp"):
    seen[field] = status_field(field)
attempt("root_write", write("/probe"))
attempt("etc_write", write("/etc/probe"))
attempt("sysctl_write", write("/proc/sys/kernel/hostname"))
attempt("mount", libc("mount", b"none", b"/work", b"tmpfs", 0, None))
attempt("unshare", libc("unshare", 0x10000000))
attempt("keyring", libc("syscall", 250, 0, -3, 0, 0, 0))
attempt("device", lambda: os.mknod("/work/repo/device", 0o600 | stat.S_IFBLK, os.makedev(8, 0)) or "made")
seen["devices"] = sorted(set(os.listdir("/dev")) - {"pts", "shm", "mqueue", "fd", "core", "stdin", "stdout", "stderr", "ptmx", "console"})
seen["processes"] = sum(entry.isdigit() for entry in os.listdir("/proc"))
seen["open_files"] = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
seen["core"] = resource.getrlimit(resource.RLIMIT_CORE)[1]
space = os.statvfs("/tmp")
seen["tmp_bytes"] = space.f_blocks * space.f_frsize
attempt("forks", fork_until_refused)
attempt("sparse", sparse)
attempt("fill", fill)
attempt("many_files", many_files)
attempt("zombies", orphans_are_reaped)
attempt("cpu", lambda: busy(2.0))
os.symlink("/etc/shadow", "/work/repo/link")
os.mkfifo("/work/repo/fifo")
with open("/work/repo/honest.txt", "w") as file:
    file.write("kept")
print("\x1b]0;title\x07\x1b[31m\xff")
print("SEEN " + json.dumps(seen), flush=True)
