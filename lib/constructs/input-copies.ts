import { Fn } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { AwsCustomResource, AwsCustomResourcePolicy, PhysicalResourceId } from 'aws-cdk-lib/custom-resources';
import { Construct } from 'constructs';
import { explain, explainStar } from '../explain.ts';
import { FleetStack } from '../fleet-stack.ts';
import { INPUTS } from './input-bucket.ts';

interface Place {
  readonly region: string;
  /** The name of its bucket of inputs. */
  readonly bucket: string;
}

const arnOf = ({ bucket }: Place): string => `arn:aws:s3:::${bucket}`;
const objectsOf = (place: Place): string => `${arnOf(place)}/${INPUTS}*`;

/**
 * Lets S3 copy large inputs to the other two regions, so that a task whose home was taken over finds its input there.
 * Nothing is copied twice: S3 does not copy copies.
 *
 * A custom resource does it when all buckets exist. As a property of the buckets it would have to name those of regions
 * that are deployed later.
 */
export class InputCopies extends Construct {
  readonly role: Role;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    const { config } = FleetStack.of(this);
    const places = config.regions.map((region) => ({
      region,
      bucket: Fn.getStackOutput(`${config.prefix}-platform`, 'InputBucket', region),
    }));
    this.role = this.#makeRole(places);
    for (const from of places) this.#copy(from, places);
    explain(FleetStack.of(this), {
      'IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole]':
        'The function is CDK’s own. The policy lets it write its log.',
      L1: 'The function is CDK’s own, with the runtime that CDK chose for it.',
    });
  }

  #makeRole(places: readonly Place[]): Role {
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('s3.amazonaws.com'),
      description: 'Copies inputs of tasks to other regions',
    });
    const statements = [
      [['s3:GetReplicationConfiguration', 's3:ListBucket'], places.map(arnOf)],
      [
        [
          's3:GetObjectVersionForReplication',
          's3:GetObjectVersionAcl',
          's3:GetObjectVersionTagging',
          's3:ReplicateObject',
        ],
        places.map(objectsOf),
      ],
    ] as const;
    for (const [actions, resources] of statements)
      role.addToPolicy(new PolicyStatement({ actions: [...actions], resources }));
    for (const place of places)
      explainStar(role, objectsOf(place), 'Permissions on objects can only be granted by key prefix.');
    FleetStack.of(this).grantDataKey(
      role,
      places.map(({ region }) => region),
    );
    return role;
  }

  #copy(from: Place, places: readonly Place[]): void {
    const { prefix } = FleetStack.of(this).config;
    const rules = places.filter(({ region }) => region !== from.region).map((to, index) => this.#rule(to, index));
    const set = {
      service: 'S3',
      action: 'putBucketReplication',
      region: from.region,
      parameters: { Bucket: from.bucket, ReplicationConfiguration: { Role: this.role.roleArn, Rules: rules } },
      physicalResourceId: PhysicalResourceId.of(`${prefix}-inputs-${from.region}`),
    };
    const copy = new AwsCustomResource(this, `From${from.region}`, {
      onCreate: set,
      onUpdate: set,
      onDelete: {
        service: 'S3',
        action: 'deleteBucketReplication',
        region: from.region,
        parameters: { Bucket: from.bucket },
      },
      installLatestAwsSdk: false,
      policy: AwsCustomResourcePolicy.fromStatements([
        new PolicyStatement({ actions: ['s3:PutReplicationConfiguration'], resources: [arnOf(from)] }),
        new PolicyStatement({ actions: ['iam:PassRole'], resources: [this.role.roleArn] }),
      ]),
    });
    copy.node.addDependency(this.role);
  }

  #rule(to: Place, index: number) {
    const key = FleetStack.of(this).dataKeyArnIn(to.region);
    return {
      ID: `to-${to.region}`,
      Status: 'Enabled',
      Priority: index + 1,
      Filter: { Prefix: INPUTS },
      DeleteMarkerReplication: { Status: 'Disabled' },
      ...(key !== undefined && { SourceSelectionCriteria: { SseKmsEncryptedObjects: { Status: 'Enabled' } } }),
      Destination: {
        Bucket: arnOf(to),
        ...(key !== undefined && { EncryptionConfiguration: { ReplicaKmsKeyID: key } }),
      },
    };
  }
}
