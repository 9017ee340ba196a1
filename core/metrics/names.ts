import { failureKind, type FailureKind } from '../failures/failure.ts';
import { PARK_CAUSES } from '../tasks/park-cause.ts';

export { PARK_CAUSES };

/** `agent-version` becomes `AgentVersion`, as in the names of metrics. */
export const titleCase = (words: string): string =>
  words.replaceAll(/(^|-)(\w)/g, (_, __, letter: string) => letter.toUpperCase());

/** Tasks that wait for a cause: a gauge of every minute. */
export const waitingMetric = (cause: string): string => `TasksWaiting${titleCase(cause)}`;
/** Tasks that began to wait for a cause. */
export const parkedMetric = (cause: string): string => `TasksParked${titleCase(cause)}`;
/** Tasks that ended with a status. */
export const endedMetric = (status: string): string => `Tasks${titleCase(status)}`;
/** Calls to the model that failed. */
export const modelFailedMetric = (kind: FailureKind): string => `ModelFailed${titleCase(kind)}`;
/** Calls for which a day budget had no room. */
export const refusalMetric = (of: 'tenant' | 'agent'): string => `DayBudgetRefusals${titleCase(of)}`;

/** Names of metrics: those that there are when tasks succeed, and those of everything else that may happen. */
interface Names {
  readonly usual: readonly string[];
  readonly rare: readonly string[];
}

/** Written under an agent's service and under the fleet's. Tests compare these lists with what functions write. */
const OF_TASKS: Names = {
  usual: ['TaskTime', 'TasksSucceeded', 'TasksEnded', 'TasksRunning', 'TasksQueued', 'DispatchTime'],
  rare: [
    ...['failed', 'cancelled', 'escalated'].map(endedMetric),
    ...PARK_CAUSES.flatMap((cause) => [parkedMetric(cause), waitingMetric(cause)]),
    'TasksWaiting',
    'TasksUnclaimed',
    'SessionsStuck',
    'DispatchSlow',
    'FleetFailures',
    'BreakerOpen',
    'PoolPaused',
  ],
};
const OF_MODEL: Names = {
  usual: ['ModelLatency', 'ModelMicroDollars', 'CacheSavedMicroDollars', 'TokensIn', 'TokensOut', 'TokensCached'],
  rare: failureKind.options.map(modelFailedMetric),
};
const OF_TOOLS: Names = { usual: ['ToolLatency'], rare: ['ToolErrors'] };

/** Written under an agent's service alone. */
const OWN_OF_TASKS: Names = {
  usual: ['Sweeps', 'TaskWait', 'TaskClaims'],
  rare: ['AnswersByCode', 'UsageLost', 'RecordsUnreadable'],
};
const OWN_OF_MODEL: Names = {
  usual: ['ModelTokens', 'SlotWait'],
  rare: [
    'SlotParked',
    'AnswersRefused',
    'TasksRose',
    'DayBudgetLeft',
    ...(['tenant', 'agent'] as const).map(refusalMetric),
  ],
};

/** Written under the fleet's service alone. */
const OF_FLEET: Names = { usual: [], rare: ['TenantsPaused'] };

const together = (...all: readonly Names[]): Names => ({
  usual: all.flatMap(({ usual }) => usual),
  rare: all.flatMap(({ rare }) => rare),
});

/** The metrics of an agent. @param has whether it calls the model, and has tools */
export function agentMetrics(has: { readonly model: boolean; readonly tools: boolean }): Names {
  return together(
    OF_TASKS,
    OWN_OF_TASKS,
    ...(has.model ? [OF_MODEL, OWN_OF_MODEL] : []),
    ...(has.tools ? [OF_TOOLS] : []),
  );
}

/** The metrics of all agents together. */
export const FLEET_METRICS: Names = together(OF_TASKS, OF_MODEL, OF_TOOLS, OF_FLEET);

/** The metrics of what agents share: callbacks, and records that no function can read. */
export const PLATFORM_METRICS: Names = {
  usual: ['CallbackWakes'],
  rare: [
    'CallbackOldestAge',
    ...['Delivered', 'Gone', 'Retried', 'LeftAlone', 'Dead', 'Broken'].map((fate) => `Callbacks${fate}`),
    'RecordsUnreadable',
  ],
};

/** The metrics of what only some systems have: schedules, lists, mail, alerts, and streams. */
export const SYSTEM_METRICS: readonly string[] = [
  'RunMissed',
  'ListsRefused',
  'BriefMailsNotSent',
  'DigestMailsNotSent',
  ...['Sent', 'SentBefore', 'Gone', 'Dropped', 'Retried'].map((fate) => `Alerts${fate}`),
  'StreamLag',
  'StreamCpu',
  'StreamRecords',
  'EventsApplied',
  'EventsLate',
  'EventsDuplicate',
  'EventsRejected',
  'RecordsFailed',
  'GapsDropped',
  'EffectsPerformed',
  'EffectsFailed',
  'EffectsOverdue',
  'EffectsSetAside',
  'SubjectConflicts',
];

/** What a collector of economy tasks may write under a service of its own: of tasks that it ends, or leaves where they are. */
export const COLLECTOR_METRICS: readonly string[] = [
  ...['succeeded', 'failed', 'cancelled', 'escalated'].map(endedMetric),
  ...['agent-version', 'budget', 'batch'].map(parkedMetric),
  ...(['tenant', 'agent'] as const).map(refusalMetric),
  'TaskTime',
  'TaskClaims',
  'TasksEnded',
  'FleetFailures',
  'AnswersByCode',
  'UsageLost',
  'RecordsUnreadable',
];

/** Metrics of services that do nothing: heartbeats, one of each agent and one of callbacks. */
export const HEARTBEATS: ReadonlySet<string> = new Set(['Sweeps', 'CallbackWakes']);
