"""Runs a command whose life is bound to the process that starts it.

    python bound.py SIGNAL PARENT_PID command…

The kernel sends the command SIGNAL when its parent ends, however it ends (PR_SET_PDEATHSIG); this setting
survives exec. It exists only on Linux: elsewhere a supervisor ended by SIGKILL leaves its children, of which
the next start adopts or ends only the broker (broker.py).

This is a program and not a `preexec_fn`, which is unsafe in a process with threads. Strictly, the kernel
watches the *thread* that started the child: start children from the main thread.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def bind(to: int, name: str) -> None:
    if sys.platform != "linux":
        return
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(PR_SET_PDEATHSIG, signal.Signals[name], 0, 0, 0):
        sys.exit(f"prctl: {os.strerror(ctypes.get_errno())}")
    if os.getppid() != to:  # it ended before the call above, so no signal would ever come
        sys.exit("the parent has ended")


if __name__ == "__main__":
    signal_name, parent, *command = sys.argv[1:]
    bind(int(parent), signal_name)
    os.execv(command[0], command)  # noqa: S606 - the supervisor's own command line
