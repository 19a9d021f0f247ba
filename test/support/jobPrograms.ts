import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';

/**
 * A folder with a home and programs in the place of `ssh` and of Slurm's, which answer as the real ones were seen to (OpenSSH 9.2, Slurm 22.05.8) and really run
 * what they are given. Files of the folder steer them:
 * `down`: the controller does not answer. `refusal`: what sbatch says and refuses. `lost`: sbatch takes the job and its answer is lost. `sacct`: a line of accounting.
 * `failure`: what ssh says and fails. `cut`: after so many bytes of input the connection is cut. `noise`, `grumble`: what a login prints to either output. `master`: the shared connection lives.
 * `config`: what `ssh -G` prints. `calls`, `options`: hosts and options of all ssh calls, a line each.
 */
export class JobPrograms {
  readonly root = mkdtempSync(path.join(os.tmpdir(), 'regenesis-jobs-'));
  readonly home = path.join(this.root, 'home');
  readonly environment: Readonly<Record<string, string | undefined>>;

  constructor() {
    const bin = path.join(this.root, 'bin');
    mkdirSync(this.home);
    mkdirSync(bin);
    for (const [name, text] of Object.entries(programs)) {
      writeFileSync(path.join(bin, name), `#!/bin/sh\nF='${this.root}'\n${text}`);
      chmodSync(path.join(bin, name), 0o755);
    }
    this.environment = { ...process.env, HOME: this.home, PATH: `${bin}:${process.env['PATH'] ?? ''}` };
  }

  /** Sets or, without a text, removes a file that steers the programs. */
  steer(name: string, text?: string): void {
    const file = path.join(this.root, name);
    if (text === undefined) rmSync(file, { force: true });
    else writeFileSync(file, text);
  }

  read(name: string): string {
    const file = path.join(this.root, name);
    return existsSync(file) ? readFileSync(file, 'utf8') : '';
  }

  /** State and reason of a job, as squeue is to say them; without, the job is forgotten. */
  setState(id: string, state?: string): void {
    if (state === undefined) rmSync(path.join(this.root, 'jobs', id), { recursive: true, force: true });
    else writeFileSync(path.join(this.root, 'jobs', id, 'state'), `${state}\n`);
  }

  /** Every file and folder below the root, from there. */
  everything(): readonly string[] {
    return readdirSync(this.root, { recursive: true, encoding: 'utf8' });
  }

  end(): void {
    rmSync(this.root, { recursive: true, force: true, maxRetries: 5 });
  }
}

const unreachable = (program: string): string => `if [ -e "$F/down" ]; then echo '${program}: error: Unable to contact slurm controller (connect failure)' >&2; exit 1; fi\n`;

const programs = {
  ssh: `control=; config=
while getopts 'F:o:O:GTx' option; do case $option in O) control=$OPTARG;; G) config=1;; o) echo "$OPTARG" >> "$F/options";; esac; done
shift $((OPTIND - 1))
printf '%s\\n' "host=$1" >> "$F/calls"
if [ -n "$config" ]; then cat "$F/config" 2>/dev/null; exit 0; fi
if [ "$control" = check ]; then
  if [ -e "$F/master" ]; then echo 'Master running (pid=1)' >&2; exit 0; fi
  echo 'Control socket connect(/x): No such file or directory' >&2; exit 255
fi
if [ -n "$control" ]; then exit 0; fi
if [ -e "$F/failure" ]; then cat "$F/failure" >&2; exit 255; fi
cat "$F/noise" 2>/dev/null
if [ -e "$F/grumble" ]; then cat "$F/grumble" >&2; fi
cd "$F/home"
if [ -e "$F/cut" ]; then
  head -c "$(cat "$F/cut")" | sh -c "$2"; code=$?
  [ -n "$(head -c 1 | od -An -tx1)" ] || exit $code
  rm "$F/cut"; exit 255
fi
exec sh -c "$2"
`,
  sbatch: `if [ "$1" = --version ]; then echo 'slurm-wlm 22.05.8'; exit 0; fi
${unreachable('sbatch')}if [ -e "$F/refusal" ]; then cat "$F/refusal" >&2; exit 1; fi
for script; do :; done
mkdir -p "$F/jobs"
until mkdir "$F/jobs/busy" 2>/dev/null; do sleep 0.02; done
id=$(($(cat "$F/count" 2>/dev/null || echo 0) + 1)); echo $id > "$F/count"; rmdir "$F/jobs/busy"
job="$F/jobs/$id"; mkdir "$job"; cp "$script" "$job/script"
sed -n 's/^#SBATCH --job-name=//p' "$script" > "$job/name"
output=$PWD/$(sed -n 's/^#SBATCH --output=//p' "$script")
echo 'RUNNING|None' > "$job/state"
( setsid bash "$job/script" >> "$output" 2>&1 < /dev/null & pid=$!; echo $pid > "$job/pid"; wait $pid; code=$?
  if grep -q RUNNING "$job/state"; then if [ $code = 0 ]; then echo 'COMPLETED|None'; else echo 'FAILED|NonZeroExitCode'; fi > "$job/state"; fi
) < /dev/null > /dev/null 2>&1 &
if [ -e "$F/lost" ]; then rm "$F/lost"; echo 'sbatch: error: Batch job submission failed: Socket timed out on send/recv operation' >&2; exit 1; fi
echo $id
`,
  squeue: `${unreachable('slurm_load_jobs')}id=; name=; format=
while getopts 'ht:u:j:n:o:' option; do case $option in j) id=$OPTARG;; n) name=$OPTARG;; o) format=$OPTARG;; esac; done
if [ -n "$id" ]; then
  if [ ! -d "$F/jobs/$id" ]; then echo 'slurm_load_jobs error: Invalid job id specified' >&2; exit 1; fi
  cat "$F/jobs/$id/state"; exit 0
fi
[ -n "$name" ] || exit 0
for job in "$F"/jobs/*; do
  if [ "$(cat "$job/name" 2>/dev/null)" = "$name" ]; then echo "\${job##*/}|$(cut -d'|' -f2 "$job/state")"; fi
done
exit 0
`,
  sacct: `if [ -e "$F/sacct" ]; then cat "$F/sacct"; exit 0; fi
echo 'Slurm accounting storage is disabled' >&2; exit 1
`,
  scancel: `${unreachable('scancel')}[ -d "$F/jobs/$1" ] || exit 0
if grep -q 'RUNNING\\|PENDING' "$F/jobs/$1/state"; then echo 'CANCELLED|None' > "$F/jobs/$1/state"; kill -TERM -- "-$(cat "$F/jobs/$1/pid")"; fi
exit 0
`,
};
