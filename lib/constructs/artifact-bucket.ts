import { Duration } from 'aws-cdk-lib';
import { Grant, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Bucket, CfnBucket, EventType } from 'aws-cdk-lib/aws-s3';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { SqsDestination } from 'aws-cdk-lib/aws-s3-notifications';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { explain, explainStar } from '../explain.ts';
import { FleetStack } from '../fleet-stack.ts';
import { isGlobal } from '../regions.ts';
import { granting, type Wire } from '../wiring.ts';
import { keptForTasks, privateBucket } from './private-bucket.ts';

/** Key prefixes in the bucket. */
export const UPLOADS = 'uploads/';
export const RUNS = 'runs/';

export interface ArtifactBucketProps {
  /** The name of an existing bucket to use. @default the stack creates one */
  readonly existing?: string | undefined;
  /** Whether workers of other regions read uploads, after a takeover. Then three regions keep copies. @default false */
  readonly copied?: boolean;
}

/** The bucket of a system: uploads and the results of runs. Created here, or an existing one. */
export class ArtifactBucket extends Construct {
  readonly bucket: IBucket;
  /**
   * Copies of what was uploaded in other regions. A bucket of its own, since two regions may have uploads of the same name,
   * and a copy must not start a run. Undefined in a fleet of one region.
   */
  readonly copies: Bucket | undefined;
  /** Undefined for an existing bucket. */
  readonly #own: Bucket | undefined;

  constructor(scope: Construct, id: string, { existing, copied = false }: ArtifactBucketProps = {}) {
    super(scope, id);
    this.#own = existing === undefined ? this.#make() : undefined;
    this.bucket = (this.#own as IBucket | undefined) ?? Bucket.fromBucketName(this, 'Existing', existing ?? '');
    const isCopied = copied && existing === undefined && isGlobal(FleetStack.of(this).config);
    this.copies = isCopied ? this.#makeCopies() : undefined;
    for (const prefix of [UPLOADS, RUNS]) {
      const reason = 'Permissions on objects can only be granted by key prefix. This is the narrowest one.';
      explainStar(FleetStack.of(this), this.bucket.arnForObjects(`${prefix}*`), reason);
    }
  }

  /** For workers and the intake, which read uploads. They may list the bucket, so that a missing object is not reported as forbidden. */
  working(): Wire {
    const own = this.#wire({ read: [UPLOADS], write: [] });
    const { copies } = this;
    if (copies === undefined) return own;
    return {
      ...own,
      beside: { COPY_BUCKET: copies.bucketName },
      grantTo: (grantee) => {
        own.grantTo(grantee);
        Grant.addToPrincipal({ grantee, actions: ['s3:ListBucket'], resourceArns: [copies.bucketArn] });
        const objects = copies.arnForObjects(`${UPLOADS}*`);
        return Grant.addToPrincipal({ grantee, actions: ['s3:GetObject'], resourceArns: [objects] });
      },
    };
  }

  /** For the function that begins a pipeline: it copies lists of items, uploaded or written by a barrier, below the run. */
  listing(): Wire {
    return this.#wire({ read: [UPLOADS, RUNS], write: [RUNS] });
  }

  /**
   * For the fan-in, which lists the upload, reads the map's results and writes the report next to them, and for a
   * pipeline's barrier and aggregator.
   */
  reporting(): Wire {
    return this.#wire({ read: [RUNS], write: [RUNS] });
  }

  /** For the function that begins a run: it reads the manifest, lists the upload and writes the list. */
  beginning(): Wire {
    return this.#wire({ read: [UPLOADS], write: [RUNS] });
  }

  /**
   * For the state machine, which reads the list of documents and writes the map's results. Executions that began under an
   * earlier release list the upload themselves.
   */
  running(): Wire {
    // The map uploads its results in parts, and AWS documents that it lists them (iam-policies-eg-dist-map).
    return this.#wire({ read: [UPLOADS, RUNS], write: [RUNS], parts: true });
  }

  /** For a pipeline's state machine, which reads the run's own list of items and writes the map's results. */
  mapping(): Wire {
    return this.#wire({ read: [RUNS], write: [RUNS], parts: true });
  }

  /** For the end of a pipeline's runs, which sees what a run has written by the names alone. */
  naming(): Wire {
    return granting('s3:ListBucket', this.bucket.bucketArn, this.bucket.bucketName);
  }

  /** For objects of the system's own, by the beginnings of their keys, such as `pages/`, or by whole keys. */
  keeping({ read, write = [] }: { readonly read: readonly string[]; readonly write?: readonly string[] }): Wire {
    const prefixes = [...read, ...write].filter((prefix) => prefix.endsWith('/'));
    for (const prefix of new Set(prefixes)) {
      const reason = 'Permissions on objects can only be granted by key prefix. This is the narrowest one.';
      explainStar(FleetStack.of(this), this.bucket.arnForObjects(`${prefix}*`), reason);
    }
    return this.#wire({ read, write });
  }

  /** Sends an event to `queue` for each new object of such keys: an upload, unless they are named. Once for a bucket. */
  notify(
    queue: Queue,
    { prefix, suffix }: { readonly prefix: string; readonly suffix?: string } = { prefix: UPLOADS },
  ): void {
    if (this.#own === undefined) {
      // CloudFormation cannot change a bucket of another stack. A function of CDK does it during deployment.
      this.bucket.addEventNotification(EventType.OBJECT_CREATED, new SqsDestination(queue), {
        prefix,
        ...(suffix !== undefined && { suffix }),
      });
      const handler = FleetStack.of(this).node.children.find(({ node }) => node.id.startsWith('BucketNotifications'));
      if (handler !== undefined) {
        const policy = 'arn:<AWS::Partition>:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole';
        explain(handler, {
          [`IAM4[Policy::${policy}]`]: 'CDK’s own function, run at deployments only; it may write its log.',
        });
      }
      return;
    }
    // Set as the bucket's own property, so that no function of CDK has to run. The policy names the account instead of the
    // bucket, because S3 checks it before the bucket exists.
    const { account } = FleetStack.of(this);
    const { policyDependable } = queue.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal('s3.amazonaws.com')],
        actions: ['sqs:SendMessage'],
        resources: [queue.queueArn],
        conditions: { StringEquals: { 'aws:SourceAccount': account } },
      }),
    );
    if (policyDependable) this.#own.node.addDependency(policyDependable);
    const resource = this.#own.node.defaultChild;
    if (!(resource instanceof CfnBucket)) throw new Error('CDK no longer creates an AWS::S3::Bucket for a Bucket.');
    const rules = [
      { name: 'prefix', value: prefix },
      ...(suffix === undefined ? [] : [{ name: 'suffix', value: suffix }]),
    ];
    resource.notificationConfiguration = {
      queueConfigurations: [
        {
          event: 's3:ObjectCreated:*',
          queue: queue.queueArn,
          filter: { s3Key: { rules } },
        },
      ],
    };
  }

  #make(): Bucket {
    return privateBucket(this, 'Bucket', {
      versioned: true,
      lifecycleRules: [
        { abortIncompleteMultipartUploadAfter: Duration.days(1), noncurrentVersionExpiration: Duration.days(30) },
      ],
    });
  }

  #makeCopies(): Bucket {
    const copies = privateBucket(new Construct(this, 'Copies'), 'Bucket', {
      versioned: true,
      lifecycleRules: [keptForTasks({ versions: true })],
    });
    const reason = 'Permissions on objects can only be granted by key prefix. This is the narrowest one.';
    explainStar(FleetStack.of(this), copies.arnForObjects(`${UPLOADS}*`), reason);
    return copies;
  }

  #wire({ read, write, parts = false }: { read: readonly string[]; write: readonly string[]; parts?: boolean }): Wire {
    const objects = (prefixes: readonly string[]) =>
      prefixes.map((prefix) => this.bucket.arnForObjects(prefix.endsWith('/') ? `${prefix}*` : prefix));
    return {
      value: this.bucket.bucketName,
      grantTo: (grantee) => {
        const grant = (actions: string[], resourceArns: string[]) =>
          Grant.addToPrincipal({ grantee, actions, resourceArns });
        grant(['s3:ListBucket'], [this.bucket.bucketArn]);
        if (read.length > 0) grant(['s3:GetObject'], objects(read));
        if (write.length > 0) grant(['s3:PutObject', 's3:AbortMultipartUpload'], objects(write));
        if (parts) grant(['s3:ListMultipartUploadParts'], objects(write));
        FleetStack.of(this).grantDataKey(grantee);
      },
    };
  }
}
