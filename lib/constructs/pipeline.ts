import { Grant } from 'aws-cdk-lib/aws-iam';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { join } from 'node:path';
import type { AggregateEnv } from '#functions/aggregate/env.ts';
import type { BeginPipelineEnv } from '#functions/begin-pipeline/env.ts';
import type { EndRunEnv } from '#functions/end-run/env.ts';
import type { Platform } from '../platform.ts';
import type { Wire } from '../wiring.ts';
import type { AgentPool } from './agent-pool.ts';
import type { ArtifactBucket } from './artifact-bucket.ts';
import { letAnswer, letItRunItself } from './distributed-map.ts';
import { endOfRuns } from './end-of-runs.ts';
import { FleetFunction, type FleetFunctionProps } from './fleet-function.ts';
import { sending } from './queues.ts';
import { invoking, makeStateMachine, watchExecutions } from './state-machine.ts';

/** One stage: every item becomes a task of its pool. */
export interface PipelineStage {
  readonly pool: AgentPool;
  /** Most US dollars that an item may cost here. @default the agent's budget */
  readonly usd?: number;
  /**
   * When the stage ends, as a part of the time from a run's start to its deadline. Later items are rows that say so.
   * @default 1
   */
  readonly by?: number;
}

/** A function of the system between or after the stages. */
export interface PipelineFunction {
  /** Its handler below the project. */
  readonly entry: string;
  /** MiB. @default 1,769, one processor */
  readonly memory?: number;
  /** Variables in addition to those of `functions/aggregate/env.ts`, each with the permissions that it needs. @default none */
  readonly environment?: Readonly<Record<string, string | Wire>>;
  readonly files?: FleetFunctionProps<AggregateEnv>['files'];
}

export interface PipelineProps {
  /** Its name in `POST /runs` and in `fleet runs start`. Lower case with dashes. */
  readonly workflow: string;
  /** An item passes them one after the other, without waiting for other items. */
  readonly stages: readonly [PipelineStage, ...PipelineStage[]];
  /** The barrier: sees all results of `stages`, and writes the items of its own stages. @default none */
  readonly join?: PipelineFunction & { readonly stages: readonly [PipelineStage, ...PipelineStage[]] };
  /** Sees all results, however the run ended. */
  readonly aggregator: PipelineFunction;
  /** Tasks that all pools together work on at once. The map keeps eight items under way for each. */
  readonly agents: number;
  /** Seconds that a run may take, at most seven days. Its tasks end by then, so a run always ends with what there is. */
  readonly deadline: number;
  /** The tenant of runs whose input names none: those of schedules. */
  readonly tenant: string;
  readonly artifacts: ArtifactBucket;
  /** The beginning of the names of the report's files below `runs/<run>/`, which the API offers. @default none */
  readonly report?: string;
  readonly platform: Platform;
}

const DEFINITION = join(import.meta.dirname, '../../state-machines/pipeline.asl.json');
/** The label of the definition's Distributed Map, part of the names of its child executions. */
const LABEL = 'Items';
const MAX_DEADLINE = 7 * 86_400;
const NAME = /^[a-z][a-z0-9-]{0,62}$/;

/** The pipeline state machine and its wiring: one task for each item and stage, an optional barrier, one aggregator. */
export class Pipeline extends Construct {
  readonly stateMachine: StateMachine;
  /** Its name in `POST /runs`. */
  readonly workflow: string;
  /** Seconds that a run may take. */
  readonly deadline: number;
  /** The tenant of runs whose input names none. */
  readonly tenant: string;
  readonly aggregator: FleetFunction<AggregateEnv>;
  /** The barrier's function. */
  readonly joiner: FleetFunction<AggregateEnv> | undefined;
  /** Notes the end of runs, and ends what a stopped execution left behind. */
  readonly end: FleetFunction<EndRunEnv>;

  constructor(scope: Construct, id: string, props: PipelineProps) {
    super(scope, id);
    check(props);
    const { artifacts, platform, workflow, deadline } = props;
    this.workflow = workflow;
    this.deadline = deadline;
    this.tenant = props.tenant;
    const stages = stagesOf(props);
    this.aggregator = this.#makeFunction('Aggregator', 'Sums up the results of a run', props.aggregator, props);
    this.joiner = props.join && this.#makeFunction('Join', 'Writes the items after the barrier', props.join, props);
    this.stateMachine = makeStateMachine(this, {
      definition: DEFINITION,
      logSuffix: `-${workflow}`,
      substitutions: {
        Bucket: artifacts.mapping(),
        BeginArn: invoking(this.#makeBegin(props)),
        JoinArn: invoking(this.joiner ?? this.aggregator),
        AggregatorArn: invoking(this.aggregator),
        Agents: String(props.agents),
        Stages: stageList(stages, props.stages.length),
      },
    });
    const { aggregator, stateMachine } = this;
    letItRunItself(this, stateMachine, LABEL);
    const answerers = new Set(stages.flatMap(({ pool }) => pool.answerers));
    for (const answerer of answerers) letAnswer(answerer, stateMachine, LABEL);
    const pipeline = { artifacts, stages: partsOf(props).map((part) => part.map(({ pool }) => pool.agent.name)) };
    this.end = endOfRuns(this, { ...props, stateMachine, what: `pipeline ${workflow}`, aggregator, pipeline });
    platform.workflows.push(stateMachine);
    if (props.report !== undefined) platform.reports.push({ stateMachine, artifacts, report: props.report });
    const agents = [...new Set(stages.map(({ pool }) => pool.agent.name))];
    platform.pipelines.push({ workflow, stateMachine, agents, deadline });
    watchExecutions(this, stateMachine, {
      what: `A run of the pipeline ${workflow}`,
      remedy: 'Finished tasks are kept: start a new run with the same items to continue.',
      severity: 2,
      runbook: 'run-failed',
    });
  }

  /** For functions that start runs. */
  starting(): Wire {
    const { stateMachineArn } = this.stateMachine;
    return {
      value: stateMachineArn,
      grantTo: (grantee) =>
        Grant.addToPrincipal({ grantee, actions: ['states:StartExecution'], resourceArns: [stateMachineArn] }),
    };
  }

  #makeBegin({ artifacts, platform, tenant, deadline, ...props }: PipelineProps) {
    const usd = stagesOf(props).map((stage) => usdOf(stage));
    return new FleetFunction<BeginPipelineEnv>(this, 'Begin', {
      entry: 'functions/begin-pipeline/handler.ts',
      service: 'begin-pipeline',
      description: 'Registers a run of a pipeline and copies its items',
      timeLimit: 100,
      memory: 1_769,
      environment: {
        STATE_TABLE: platform.state.items('everywhere'),
        ARTIFACT_BUCKET: artifacts.listing(),
        INPUT_BUCKET: platform.inputs.reading(),
        WORKFLOW: props.workflow,
        TENANT: tenant,
        DEADLINE_SECONDS: String(deadline),
        STAGE_USD: usd.join(','),
      },
    });
  }

  #makeFunction(
    id: string,
    description: string,
    fn: PipelineFunction,
    { platform, artifacts, workflow }: PipelineProps,
  ) {
    const { entry, memory = 1_769, environment, files } = fn;
    return new FleetFunction<AggregateEnv>(this, id, {
      entry,
      service: `${workflow}-${id.toLowerCase()}`,
      description,
      timeLimit: 900,
      memory,
      ...(files !== undefined && { files }),
      environment: {
        ...environment,
        STATE_TABLE: platform.state.reading(),
        ARTIFACT_BUCKET: artifacts.reporting(),
      },
    });
  }
}

type Staged = Pick<PipelineProps, 'stages' | 'join'>;

/** The stages before the barrier, then those after it. */
const partsOf = ({ stages, join: barrier }: Staged): readonly (readonly PipelineStage[])[] => [
  stages,
  ...(barrier ? [barrier.stages] : []),
];

const stagesOf = (staged: Staged): readonly PipelineStage[] => partsOf(staged).flat();

const usdOf = ({ usd, pool }: PipelineStage): number => usd ?? pool.agent.budget.usd;

/** The stages as a JSONata literal. `part`: 0 before the barrier, 1 after it. */
function stageList(stages: readonly PipelineStage[], before: number): Wire {
  const literals = stages.map(({ pool, by = 1, ...stage }, index) => {
    const part = index < before ? 0 : 1;
    const usd = usdOf({ pool, ...stage });
    return `{'n': ${index}, 'part': ${part}, 'agent': '${pool.agent.name}', 'queue': '${sending(pool.default).value}', 'usd': ${usd}, 'by': ${by}}`;
  });
  return {
    value: `[${literals.join(', ')}]`,
    grantTo: (grantee) => {
      for (const queue of new Set(stages.map(({ pool }) => pool.default))) sending(queue).grantTo(grantee);
    },
  };
}

function check(props: PipelineProps): void {
  const { workflow, deadline, platform } = props;
  if (!NAME.test(workflow)) throw new Error(`The pipeline's name ${workflow} must be lower case with dashes.`);
  if (platform.pipelines.some((other) => other.workflow === workflow))
    throw new Error(
      `There is a pipeline ${workflow} already. POST /runs starts pipelines by name: give this one another.`,
    );
  if (deadline < 1 || deadline > MAX_DEADLINE)
    throw new Error(`The pipeline ${workflow} has a deadline of ${deadline} s. Use 1 to ${MAX_DEADLINE}.`);
  let earlier = 0;
  for (const { pool, by = 1, usd = 1 } of stagesOf(props)) {
    if (by < earlier)
      throw new Error(`The stage ${pool.agent.name} ends by ${by}, before the one it follows. Use ${earlier} or more.`);
    earlier = by;
    if (by <= 0 || by > 1)
      throw new Error(`The stage ${pool.agent.name} ends by ${by} of the run's time. Use a number above 0, at most 1.`);
    if (usd <= 0) throw new Error(`The stage ${pool.agent.name} may cost ${usd} US dollars. Use a positive number.`);
  }
}
