import { Duration } from 'aws-cdk-lib';
import { ManagedPolicy, PolicyStatement, Role } from 'aws-cdk-lib/aws-iam';
import { HttpMethods } from 'aws-cdk-lib/aws-s3';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { explainStar } from '../explain.ts';
import { FleetStack } from '../fleet-stack.ts';
import type { Wire } from '../wiring.ts';
import { privateBucket } from './private-bucket.ts';

const INPUTS = 'inputs/';
const REASON = 'Uploads come and go: rights on them can be given by the prefix of their keys only.';
/** Longer than any task may take: its deadline is a week away at most. */
const KEPT = Duration.days(14);

/** Inputs of tasks that are too large for a request: uploaded by presigned URLs, read by the workers, deleted by and by. */
export class InputBucket extends Construct {
  readonly bucket: Bucket;
  readonly #readers: ManagedPolicy;
  readonly #uploaders: ManagedPolicy;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.bucket = privateBucket(this, 'Bucket', {
      lifecycleRules: [{ expiration: KEPT, abortIncompleteMultipartUploadAfter: Duration.days(1) }],
      // A browser may upload too: what it may write is in the signed URL alone.
      cors: [{ allowedMethods: [HttpMethods.PUT], allowedOrigins: ['*'], allowedHeaders: ['content-type'] }],
    });
    this.#readers = this.#policy('Readers', 'Reads the inputs of tasks', ['s3:GetObject']);
    this.#uploaders = this.#policy('Uploaders', 'Signs uploads of inputs, and looks whether they came', [
      's3:GetObject',
      's3:PutObject',
    ]);
  }

  /** For workers. */
  reading(): Wire {
    return this.#wire(this.#readers);
  }

  /** For who signs uploads. */
  uploading(): Wire {
    return this.#wire(this.#uploaders);
  }

  #wire(policy: ManagedPolicy): Wire {
    return {
      value: this.bucket.bucketName,
      grantTo: (grantee) => {
        if (!(grantee instanceof Role)) throw new Error(`${this.node.path} is granted to roles only.`);
        grantee.addManagedPolicy(policy);
        FleetStack.of(this).grantDataKey(grantee);
      },
    };
  }

  /** A policy of its own stack, since a resource's prefix can only be explained where the bucket is. */
  #policy(id: string, description: string, objectActions: string[]): ManagedPolicy {
    const objects = this.bucket.arnForObjects(`${INPUTS}*`);
    const policy = new ManagedPolicy(this, id, {
      description,
      statements: [
        new PolicyStatement({ actions: objectActions, resources: [objects] }),
        // So that a missing object is told from a forbidden one.
        new PolicyStatement({ actions: ['s3:ListBucket'], resources: [this.bucket.bucketArn] }),
      ],
    });
    explainStar(policy, objects, REASON);
    return policy;
  }
}
