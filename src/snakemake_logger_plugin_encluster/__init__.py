"""Screen output of a run: the logger of snakemake-logger-plugin-rich, with fewer lines and more about the results.

On a terminal, one panel shows the progress of the run and the last line of each running training. On any output, one
line per finished job names the files that it made, and one line per failed job shows the last line of its log.
"""

import time
from pathlib import Path
from typing import Any

from rich.console import Group
from rich.panel import Panel
from rich.text import Text
from snakemake_interface_logger_plugins.base import LogHandlerBase
from snakemake_logger_plugin_rich.event_handler import EventHandler
from snakemake_logger_plugin_rich.handler import RichLogHandler

_TAIL_BYTES = 2000
_HIDDEN = (
    "Using workflow specific profile",
    "Config file ",
    "SNAKEMAKE\n",
    "Conda environments: ignored",
    "Cannot restore ",
)


class _Events(EventHandler):
    """Prints the events of a run."""

    def handle_workflow_started(self, event_data: Any, **kwargs: Any) -> None:
        """Print nothing: the workflow prints its own first line."""

    def _display_job_summary(self, per_rule_job_counts: dict[str, int], total_job_count: int) -> None:
        """Show the numbers of jobs in a dry run; the first line of a real run contains them."""
        if self.dryrun:
            super()._display_job_summary(per_rule_job_counts, total_job_count)

    def handle_job_info(self, event_data: Any, **kwargs: Any) -> None:
        """Record the output files and the start time of a job."""
        super().handle_job_info(event_data, **kwargs)
        made = [str(path).removesuffix(" (update)") for path in event_data.output or []]
        self.jobs_info[event_data.jobid] |= {"output": made, "begun": time.monotonic()}
        self.progress_display.set_visible(event_data.rule_name, False)  # one bar over all jobs is enough

    def handle_job_finished(self, event_data: Any, **kwargs: Any) -> None:
        """Print one line: the job, the files that it made, and how long it took."""
        super().handle_job_finished(event_data, **kwargs)
        job = self.jobs_info.pop(event_data.job_id, None)
        if job and job["output"]:
            more = f" and {len(job['output']) - 1} more" if len(job["output"]) > 1 else ""
            seconds = time.monotonic() - job["begun"]
            line = f"{_name(job)}: {job['output'][0]}{more} ({seconds:.0f} s)"
            self.console.print(Text.assemble(("✓ ", "green"), line), soft_wrap=True)

    def handle_error(self, event_data: Any, **kwargs: Any) -> None:
        """Print an error of the workflow, but not the command line of a failed job, which its log contains."""
        if not str(event_data.message or "").startswith("RuleException:"):
            super().handle_error(event_data, **kwargs)

    def handle_job_error(self, event_data: Any, **kwargs: Any) -> None:
        """Print the job and the last line of its log."""
        job = self.jobs_info.pop(event_data.jobid, None)
        if job is None:
            super().handle_job_error(event_data, **kwargs)
            return
        logs = [str(path) for path in job["log"] or []]
        last = next((line for line in map(_last_line, logs) if line), "no log")
        self.console.print(Text.assemble(("✗ ", "red"), f"{_name(job)}: {last}"), soft_wrap=True)
        if logs:
            self.console.print(f"  log: {logs[0]}", highlight=False, markup=False, soft_wrap=True)

    def should_log_message(self, record: Any, message: str) -> bool:
        """Return whether the screen shows a message of Snakemake."""
        return bool(super().should_log_message(record, message)) and not message.startswith(_HIDDEN)

    def __rich__(self) -> Group:
        """Return the last line of each running training."""
        running = [job for job in self.jobs_info.values() if job["rule"].startswith("train") and "begun" in job]
        lines = [f"{_name(job)}: {_last_line(str(job['log'][0]))}" for job in running if job["log"]]
        return Group(*(Text(line, overflow="ellipsis", no_wrap=True) for line in lines))


class LogHandler(LogHandlerBase, RichLogHandler):
    """The logger that `--logger encluster` selects; profiles/default uses it."""

    writes_to_stream = True
    writes_to_file = False
    has_filter = True
    has_formatter = True
    needs_rulegraph = False

    def __post_init__(self) -> None:
        """Replace the event handler and the panel of the parent logger."""
        RichLogHandler.__init__(self, settings=self.common_settings)
        chosen = self.common_settings
        self.event_handler = _Events(
            console=self.console,
            progress=self.progress,
            live_display=self.live_display,
            dryrun=chosen.dryrun,
            printshellcmds=chosen.printshellcmds,
            show_failed_logs=chosen.show_failed_logs,
            verbose=chosen.verbose,
        )
        shown = Group(self.progress, self.event_handler)
        self.live_display.update(Panel(shown, border_style="dim", padding=(0, 1)))
        if not self.console.is_terminal:
            self.live_display.start = lambda *_, **__: None

    def emit(self, record: Any) -> None:
        """Print one record.

        Parameters
        ----------
        record : logging.LogRecord
            A record of Snakemake.
        """
        RichLogHandler.emit(self, record)


def _name(job: dict[str, Any]) -> str:
    """Return the rule of a job with its wildcards."""
    # the wildcard of the simulation is empty, or ends in a slash
    values = [str(value).rstrip("/") for value in (job["wildcards"] or {}).values()]
    return " ".join([job["rule"], *filter(None, values)])


def _last_line(path: str) -> str:
    """Return the last line of a log that is not empty."""
    try:
        with Path(path).open("rb") as stream:
            stream.seek(0, 2)
            stream.seek(max(0, stream.tell() - _TAIL_BYTES))
            lines = stream.read().decode(errors="replace").split("\n")
    except OSError:
        return ""
    return next((line.strip() for line in reversed(lines) if line.strip()), "")
