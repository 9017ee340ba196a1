import { CrossStackReferences, Duration, ReferenceStrength, RemovalPolicy } from 'aws-cdk-lib';
import type { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IGrantable, IPrincipal } from 'aws-cdk-lib/aws-iam';
import {
  Alias,
  Architecture,
  Function as LambdaFunction,
  RecursiveLoop,
  Runtime,
  Tracing,
} from 'aws-cdk-lib/aws-lambda';
import type { AliasOptions, IFunction, IVersion } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { bundle, requireExport, type BundledFile } from '../bundle.ts';
import type { Config } from '../config.ts';
import { explain } from '../explain.ts';
import { FleetStack } from '../fleet-stack.ts';
import { wire } from '../wiring.ts';
import type { Wiring } from '../wiring.ts';
import { alarm } from './alarm.ts';
import { publishWithWhatItNames } from './version-hash.ts';

export interface FleetFunctionProps<Env> {
  /** The handler's file below the project, such as `functions/intake/handler.ts`. */
  readonly entry: string;
  /** The export of that file that is the handler. @default handler */
  readonly handler?: string;
  /** Its name in logs and traces, without the environment's prefix. Lower case with dashes. */
  readonly service: string;
  /** The service of its metrics: the agent's name for every function of a pool, so that an alarm finds them. @default service */
  readonly measures?: string;
  /** What the function does, in a few words. Shown in the AWS console. */
  readonly description: string;
  /** Its variables, as its `env.ts` declares them, each with the permissions it needs. */
  readonly environment: Wiring<Env>;
  /** In seconds. */
  readonly timeLimit: number;
  /** MiB of memory. 1,769 give it one processor. @default 512 */
  readonly memory?: number;
  /** Concurrent executions reserved for it. @default none */
  readonly reservedConcurrency?: number | undefined;
  /** Programs that it starts: their entry files below the project, by file name in the bundle. @default none */
  readonly programs?: Readonly<Record<string, string>>;
  /** Files that it reads: their text, or their path below the project, by file name in the bundle. @default none */
  readonly files?: Readonly<Record<string, BundledFile>>;
  /** Whether a source map lies beside its bundle, for stack traces. @default false */
  readonly sourceMap?: boolean;
  /** Whether its calls are traced, which needs X-Ray permissions. @default true */
  readonly traced?: boolean;
  /** Whether messages may pass through it repeatedly. Otherwise Lambda stops such a loop after 16 rounds. @default false */
  readonly loops?: boolean;
}

/** The prefix separates the metrics of environments that share an account. */
export const serviceName = ({ prefix }: Config, service: string): string => `${prefix}-${service}`;

/** The service under which all functions together count the records that they cannot read. */
export const RECORDS = 'records';

/** Which tracer a function loads (runtime/observability), and what it keeps. */
function tracingVariables({ tracing, traceSampling, otlpEndpoint }: Config, traced: boolean): Record<string, string> {
  if (!traced) return { POWERTOOLS_TRACE_ENABLED: 'false' };
  if (tracing === 'xray') return {};
  return {
    POWERTOOLS_TRACE_ENABLED: 'false',
    TRACING: 'otel',
    TRACE_SAMPLE_RATE: String(traceSampling),
    ...(otlpEndpoint !== undefined && { OTEL_EXPORTER_OTLP_ENDPOINT: otlpEndpoint }),
  };
}

/** The service under which the functions of all agents together count what an alarm cannot sum up. */
export const FLEET = 'fleet';

/** A Lambda function with its own role, bundle, log group and alarm. */
export class FleetFunction<Env extends object = object> extends Construct implements IGrantable {
  /** The function itself. Whoever invokes it uses `live`. */
  readonly lambda: LambdaFunction;
  readonly role: Role;
  readonly logs: LogGroup;
  /** Its name in logs and traces. */
  readonly service: string;
  /** The service of its metrics. */
  readonly measuresAs: string;
  /** Rings when an invocation fails. */
  readonly errors: Alarm;
  #live: Alias | undefined;

  constructor(scope: Construct, id: string, props: FleetFunctionProps<NoInfer<Env>>) {
    super(scope, id);
    const { config, removalPolicy } = FleetStack.of(this);
    this.role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      description: props.description,
    });
    this.service = serviceName(config, props.service);
    this.measuresAs = serviceName(config, props.measures ?? props.service);
    const logGroup = new LogGroup(this, 'Logs', { retention: config.logRetentionDays, removalPolicy });
    logGroup.grantWrite(this.role);
    this.logs = logGroup;
    const { handler = 'handler' } = props;
    const traced = props.traced !== false && config.tracing !== 'off';
    if (traced) {
      explain(this.role, { 'IAM5[Resource::*]': 'The actions of X-Ray support no resources, only "*".' });
    }
    this.lambda = new LambdaFunction(this, 'Function', {
      description: props.description,
      code: bundle(props.entry, props.programs, props.files, props.sourceMap),
      handler: `index.${handler}`,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      memorySize: props.memory ?? 512,
      timeout: Duration.seconds(props.timeLimit),
      role: this.role,
      logGroup,
      tracing: traced ? Tracing.ACTIVE : Tracing.DISABLED,
      environment: {
        POWERTOOLS_SERVICE_NAME: this.service,
        POWERTOOLS_LOG_LEVEL: 'INFO',
        RECORDS_SERVICE: serviceName(config, RECORDS),
        FLEET_SERVICE: serviceName(config, FLEET),
        ...(props.measures !== undefined && { METRICS_SERVICE: this.measuresAs }),
        ...tracingVariables(config, traced),
        ...wire(props.environment, this.role),
      },
      ...(props.reservedConcurrency !== undefined && { reservedConcurrentExecutions: props.reservedConcurrency }),
      ...(props.loops === true && { recursiveLoop: RecursiveLoop.ALLOW }),
      // A rollback moves the alias back to a version that must still exist. A version that a failed update published is
      // deleted: Lambda publishes the same code once only, so a second try would find it and fail.
      currentVersionOptions: { removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE },
    });
    requireExport(props.entry, handler);
    publishWithWhatItNames(this.lambda);
    this.errors = alarm(this, 'Errors', {
      metric: this.lambda.metricErrors({ period: Duration.minutes(5) }),
      threshold: 1,
      says: `${props.description}: an invocation failed, crashed or timed out. Its log group shows the cause.`,
      severity: 3,
      runbook: 'function-errors',
    });
  }

  /**
   * The alias that everything invokes. CloudFormation updates a function's configuration before its code, so an invocation
   * of the function itself could meet new code without its variables, or old code whose variables are gone. The alias moves
   * from one published version to the next when both are complete.
   */
  get live(): IFunction {
    return this.alias as IFunction;
  }

  /** The alias itself, for a canary. */
  get alias(): Alias {
    return this.#live ?? this.publish();
  }

  /** Creates the alias below `scope`. @param options such as provisioned concurrency */
  publish(scope: Construct = this, options: AliasOptions = {}): Alias {
    const version = this.lambda.currentVersion as IVersion;
    this.#live = new Alias(scope, 'Live', { aliasName: 'live', version, ...options });
    // Its ARN never changes, and a function that a route invokes can be removed without deploying the API first.
    CrossStackReferences.of(this.#live).produce(ReferenceStrength.WEAK);
    return this.#live;
  }

  get grantPrincipal(): IPrincipal {
    return this.role.grantPrincipal;
  }
}
