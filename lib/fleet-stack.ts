import { CfnOutput, RemovalPolicy, Stack, Tags } from 'aws-cdk-lib';
import type { StackProps } from 'aws-cdk-lib';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { IAlarmAction } from 'aws-cdk-lib/aws-cloudwatch';
import { Grant, ManagedPolicy, PermissionsBoundary } from 'aws-cdk-lib/aws-iam';
import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { alarmTopicOf, type Config, type Severity } from './config.ts';
import { arnIn, configIn } from './regions.ts';

/** The environment and region of a stack. */
export interface PlaceProps {
  readonly config: Config;
  readonly region: string;
}

export interface FleetStackProps extends PlaceProps, StackProps {
  /** The system that the stack belongs to. The stack is called `<prefix>-<system>`. */
  readonly system: string;
}

/** Objects of a stack that S3 copies from each region of a fleet to the others, for tasks whose home is taken over. */
export interface CopiedObjects {
  /** Names what copies them, in the stack of all regions. */
  readonly id: string;
  /** What they are, for people, such as `inputs`. */
  readonly what: string;
  /** The beginning of their keys. */
  readonly prefix: string;
  /** The stack's output that has the name of their bucket. */
  readonly from: string;
  /** The output of the bucket that gets the copies. It may be the same if two regions never write one key. */
  readonly to: string;
}

/** What DynamoDB, S3 and SNS need from their callers, without the wildcards of CDK's own grants. */
const KEY_ACTIONS = [
  'kms:Decrypt',
  'kms:DescribeKey',
  'kms:Encrypt',
  'kms:GenerateDataKey',
  'kms:GenerateDataKeyWithoutPlaintext',
  'kms:ReEncryptFrom',
  'kms:ReEncryptTo',
];

/** A stack of one environment in one region. Its constructs find what they share with `FleetStack.of`. */
export class FleetStack extends Stack {
  /** As the stack's region sees it. */
  readonly config: Config;
  /** The system that the stack belongs to. It owns the stack's alarms. */
  readonly system: string;
  /** The customer's KMS key. Undefined when AWS's own keys are used. */
  readonly dataKey: IKey | undefined;
  /** What three regions copy of this stack's buckets. Empty in a fleet of one region. */
  readonly copied: CopiedObjects[] = [];
  readonly #alarmActions = new Map<string, IAlarmAction>();
  readonly #keyAnywhere: string | undefined;

  constructor(scope: Construct, { config, region, system, ...props }: FleetStackProps) {
    const stackName = `${config.prefix}-${system}`;
    super(scope, `${stackName}-${region}`, {
      stackName,
      env: { region, ...(config.account !== undefined && { account: config.account }) },
      terminationProtection: config.protectData,
      ...props,
    });
    this.config = configIn(config, region);
    this.system = system;
    this.#keyAnywhere = config.kmsKeyArn;
    const { kmsKeyArn } = this.config;
    this.dataKey = kmsKeyArn === undefined ? undefined : Key.fromKeyArn(this, 'DataKey', kmsKeyArn);
    if (config.permissionsBoundaryArn !== undefined) {
      const boundary = ManagedPolicy.fromManagedPolicyArn(this, 'Boundary', config.permissionsBoundaryArn);
      PermissionsBoundary.of(this).apply(boundary);
    }
    for (const [name, value] of Object.entries(config.tags)) Tags.of(this).add(name, value);
    // The command line finds a system's outputs by this, whatever the prefix and region.
    this.tell({ System: system });
  }

  /** Publishes values for people and the command line as CloudFormation outputs. */
  protected tell(outputs: Readonly<Record<string, string>>): readonly CfnOutput[] {
    return Object.entries(outputs).map(([name, value]) => new CfnOutput(this, name, { value }));
  }

  /** What an alarm of a severity does when it rings and when it clears. Undefined: nothing. */
  alarmAction(severity: Severity): IAlarmAction | undefined {
    const topic = alarmTopicOf(this.config, severity);
    if (topic === undefined) return undefined;
    const action =
      this.#alarmActions.get(topic) ?? new SnsAction(Topic.fromTopicArn(this, `AlarmTopic${severity}`, topic));
    this.#alarmActions.set(topic, action);
    return action;
  }

  /** What happens to data and logs when the stack is deleted. */
  get removalPolicy(): RemovalPolicy {
    return this.config.protectData ? RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE : RemovalPolicy.DESTROY;
  }

  /**
   * Lets `grantee` read and write data encrypted with the customer's key, if there is one.
   * @param regions where the data lies @default this region
   */
  grantDataKey(grantee: IGrantable, regions: readonly string[] = [this.region]): void {
    const arns = regions.flatMap((region) => this.dataKeyArnIn(region) ?? []);
    if (arns.length > 0) Grant.addToPrincipal({ grantee, actions: KEY_ACTIONS, resourceArns: arns });
  }

  /** The ARN of the customer's key in a region of the environment. Undefined when AWS's own keys are used. */
  dataKeyArnIn(region: string): string | undefined {
    if (region === this.region) return this.dataKey?.keyArn;
    return this.#keyAnywhere && arnIn(this.#keyAnywhere, region);
  }

  /** The fleet stack that contains a construct. Throws when there is none. */
  static override of(construct: Construct): FleetStack {
    const stack = Stack.of(construct);
    if (stack instanceof FleetStack) return stack;
    throw new Error(`${construct.node.path} must be inside a FleetStack.`);
  }
}
