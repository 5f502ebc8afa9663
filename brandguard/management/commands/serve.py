import signal
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from brandguard.runtime.errors import CannotStart
from brandguard.runtime.plan import Plan
from brandguard.runtime.supervisor import Stack, StopRequested


class Command(BaseCommand):
    help = "Runs everything on this machine: broker, worker, schedule and web. Ctrl-C stops it."
    requires_system_checks = []  # the programs it starts check themselves

    def handle(self, *args: Any, **options: Any) -> None:
        stack = Stack(Plan.from_settings(), say=self.say)
        stop_on_signals(stack)
        try:
            with stack:
                self.say(
                    f"Brandguard is up: {stack.url}\n"
                    f"  data: {stack.plan.data_dir}\n"
                    f"  logs: {stack.logs}\n"
                    "Ctrl-C stops it."
                )
                stack.watch()
        except CannotStart as error:
            raise CommandError(str(error)) from error
        except StopRequested:  # requested while it was starting
            return

    def say(self, line: str) -> None:
        """Writes the line at once, also into a pipe, whose reader waits for the URL."""
        self.stdout.write(line)
        self.stdout.flush()


def stop_on_signals(stack: Stack) -> None:
    """Sets a flag instead of raising: an exception between a start and its bookkeeping would lose a child."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is not signal.SIG_IGN:  # under nohup a closed terminal is fine
            signal.signal(number, lambda *_: stack.request_stop())
