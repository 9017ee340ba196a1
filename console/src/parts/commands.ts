/** The command of the terminal that does what a control of the console does. Tests parse each with the command line's own parser. */
export const fleetCommand = {
  pools: () => fleet('pools'),
  tasks: (filter: Readonly<Record<string, string | undefined>>) => fleet('tasks', ...options(filter)),
  task: (id: string) => fleet('task', id, '--steps'),
  audit: (id: string) => fleet('audit', 'show', id),
  watch: (id: string) => fleet('watch', id),
  cancel: (ids: readonly string[]) => fleet('cancel', ...ids),
  cancelRun: (id: string) => fleet('cancel', '--run', id),
  cancelAgent: (agent: string) => fleet('cancel', '--agent', agent),
  retry: (ids: readonly string[]) => fleet('retry', ...ids),
  submit: (agent: string, input: string, limits: Readonly<Record<string, string | undefined>>) =>
    fleet('submit', agent, '--input', input, ...options(limits)),
  bulk: (action: string, filter: BulkFilter) =>
    filter.tasks === undefined
      ? fleet('bulk', action, ...options(bulkOptions(filter)))
      : fleet(action === 'redrive' ? 'retry' : action, ...filter.tasks),
  why: (id: string) => fleet('why', id),
  logs: (id: string) => fleet('logs', id),
  trace: (id: string) => fleet('trace', id),
  taskAlarms: (id: string) => fleet('alarms', '--task', id),
  alarms: () => fleet('alarms'),
  alarm: (name: string) => fleet('alarms', name),
  bulkList: () => fleet('bulk', 'list'),
  bulkShow: (id: string) => fleet('bulk', 'show', id),
  bulkWatch: (id: string) => fleet('bulk', 'watch', id),
  bulkStop: (id: string) => fleet('bulk', 'stop', id),
  run: (id: string) => fleet('runs', id),
  report: (id: string) => fleet('runs', id, '--report', '.'),
  runs: () => fleet('runs'),
  console: () => fleet('console'),
  top: () => fleet('top'),
  pause: (what: What, reason: string, by: string) => fleet('pause', ...whatWords(what), '--reason', reason, '--by', by),
  resume: (what: What, steps: string | undefined) =>
    fleet('resume', ...whatWords(what), ...(steps === undefined ? [] : ['--steps', steps])),
  deadLetters: (agent: string) => fleet('dead-letters', agent),
  redrive: (agent: string, ids: readonly string[]) => fleet('redrive', agent, ...(ids.length > 0 ? ids : ['--all'])),
  session: (id: string) => fleet('sessions', 'show', id),
  forget: (id: string) => fleet('sessions', 'forget', id),
  claim: (id: string, by: string) => fleet('escalations', 'claim', id, '--by', by),
  answer: (id: string, reply: string, by: string) => fleet('escalations', 'answer', id, reply, '--by', by),
  escalations: () => fleet('escalations', 'list'),
  usage: (from: string, to: string) => fleet('usage', '--from', from, '--to', to),
} as const;

/** What can be paused. */
interface What {
  readonly kind: 'pool' | 'tenant' | 'fleet';
  readonly agent?: string | undefined;
  readonly tenant?: string | undefined;
}

const whatWords = ({ kind, agent = '', tenant = '' }: What): string[] =>
  kind === 'pool' ? [agent] : kind === 'tenant' ? ['--tenant', tenant] : ['--all'];

interface BulkFilter {
  readonly tasks?: readonly string[] | undefined;
  readonly agent?: string | undefined;
  readonly status?: string | undefined;
  readonly runId?: string | undefined;
  readonly cause?: string | undefined;
  readonly since?: string | undefined;
  readonly until?: string | undefined;
}

const bulkOptions = ({ agent, status, runId, cause, since, until }: BulkFilter) => ({
  agent,
  status,
  run: runId,
  cause,
  since,
  until,
});

const fleet = (...words: readonly string[]): string => `npm run fleet -- ${words.map(quoted).join(' ')}`;

/** Options that are set, as `--agent assistant`. */
function options(values: Readonly<Record<string, string | undefined>>): string[] {
  return Object.entries(values).flatMap(([name, value]) => (value === undefined ? [] : [`--${name}`, value]));
}

/** A word of a shell, in single quotes where it needs them. Text of other people becomes an argument, never a command. */
function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
