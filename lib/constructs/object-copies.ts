import { Fn } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { AwsCustomResource, AwsCustomResourcePolicy, PhysicalResourceId } from 'aws-cdk-lib/custom-resources';
import { Construct } from 'constructs';
import { explain, explainStar } from '../explain.ts';
import { FleetStack, type CopiedObjects } from '../fleet-stack.ts';

export interface ObjectCopiesProps extends CopiedObjects {
  /** The name of the stack that has the buckets, in each region. */
  readonly stackName: string;
}

/** The buckets of one region. */
interface Buckets {
  readonly region: string;
  readonly from: string;
  readonly to: string;
}

const arnOf = (bucket: string): string => `arn:aws:s3:::${bucket}`;

/**
 * Lets S3 copy objects to the other two regions, so that a task whose home was taken over finds them there. A region copies
 * only what it wrote itself: S3 does not copy copies. A deletion is copied as a delete marker. The deletion of one version
 * is not, so to forget an object for good it must be deleted in each region.
 *
 * A custom resource does it when all buckets exist. As a property of the buckets it would have to name those of regions
 * that are deployed later.
 */
export class ObjectCopies extends Construct {
  readonly role: Role;
  readonly #props: ObjectCopiesProps;

  constructor(scope: Construct, props: ObjectCopiesProps) {
    super(scope, props.id);
    this.#props = props;
    const { config } = FleetStack.of(this);
    const output = (name: string, region: string): string => Fn.getStackOutput(props.stackName, name, region);
    const all = config.regions.map((region): Buckets => {
      const from = output(props.from, region);
      return { region, from, to: props.to === props.from ? from : output(props.to, region) };
    });
    this.role = this.#makeRole(all);
    for (const buckets of all) this.#copy(buckets, all);
    explain(FleetStack.of(this), {
      'IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole]':
        'The function is CDK’s own. The policy lets it write its log.',
      L1: 'The function is CDK’s own, with the runtime that CDK chose for it.',
    });
  }

  #makeRole(all: readonly Buckets[]): Role {
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('s3.amazonaws.com'),
      description: `Copies ${this.#props.what} of tasks to other regions`,
    });
    const objectsIn = (bucket: string): string => `${arnOf(bucket)}/${this.#props.prefix}*`;
    const read = ['s3:GetObjectVersionForReplication', 's3:GetObjectVersionAcl', 's3:GetObjectVersionTagging'];
    const statements: readonly (readonly [readonly string[], readonly string[]])[] = [
      [['s3:GetReplicationConfiguration', 's3:ListBucket'], all.map(({ from }) => arnOf(from))],
      [read, all.map(({ from }) => objectsIn(from))],
      [['s3:ReplicateObject', 's3:ReplicateDelete'], all.map(({ to }) => objectsIn(to))],
    ];
    for (const [actions, resources] of statements)
      role.addToPolicy(new PolicyStatement({ actions: [...actions], resources: [...resources] }));
    for (const bucket of new Set(all.flatMap(({ from, to }) => [from, to])))
      explainStar(role, objectsIn(bucket), 'Permissions on objects can only be granted by key prefix.');
    FleetStack.of(this).grantDataKey(
      role,
      all.map(({ region }) => region),
    );
    return role;
  }

  #copy({ region, from }: Buckets, all: readonly Buckets[]): void {
    const { prefix } = FleetStack.of(this).config;
    const rules = all.filter((other) => other.region !== region).map((other, index) => this.#rule(other, index));
    const set = {
      service: 'S3',
      action: 'putBucketReplication',
      region,
      parameters: { Bucket: from, ReplicationConfiguration: { Role: this.role.roleArn, Rules: rules } },
      physicalResourceId: PhysicalResourceId.of(`${prefix}-${this.#props.what}-${region}`),
    };
    const copy = new AwsCustomResource(this, `From${region}`, {
      onCreate: set,
      onUpdate: set,
      onDelete: { service: 'S3', action: 'deleteBucketReplication', region, parameters: { Bucket: from } },
      installLatestAwsSdk: false,
      policy: AwsCustomResourcePolicy.fromStatements([
        new PolicyStatement({ actions: ['s3:PutReplicationConfiguration'], resources: [arnOf(from)] }),
        new PolicyStatement({ actions: ['iam:PassRole'], resources: [this.role.roleArn] }),
      ]),
    });
    copy.node.addDependency(this.role);
  }

  #rule({ region, to }: Buckets, index: number) {
    const key = FleetStack.of(this).dataKeyArnIn(region);
    return {
      ID: `to-${region}`,
      Status: 'Enabled',
      Priority: index + 1,
      Filter: { Prefix: this.#props.prefix },
      DeleteMarkerReplication: { Status: 'Enabled' },
      ...(key !== undefined && { SourceSelectionCriteria: { SseKmsEncryptedObjects: { Status: 'Enabled' } } }),
      Destination: {
        Bucket: arnOf(to),
        ...(key !== undefined && { EncryptionConfiguration: { ReplicaKmsKeyID: key } }),
      },
    };
  }
}
