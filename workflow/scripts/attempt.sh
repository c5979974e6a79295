# attempt MARK BEFORE COMMAND...
#
# Runs the command of a job and lets the next run know if it did not finish. Snakemake puts the earlier output of a
# failed job back, but records the job as if it had made that output. So a job leaves the number of the run in the file
# MARK until it succeeds, and what MARK says is a parameter of the job: the next run finds it changed and repeats the job.
# BEFORE is what MARK said when the run was planned ("none" for no file); success brings that back.
attempt() {
  local mark=$1 before=$2
  shift 2
  echo "$ENCLUSTER_RUN $before" > "$mark"
  "$@" || return
  if [ "$before" = none ]; then rm -f -- "$mark"; else echo "$before" > "$mark"; fi
}
