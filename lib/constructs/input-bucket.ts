import { ManagedPolicy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { HttpMethods } from 'aws-cdk-lib/aws-s3';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { explainStar } from '../explain.ts';
import { FleetStack } from '../fleet-stack.ts';
import { keepOutputs } from '../kept-outputs.ts';
import { isGlobal } from '../regions.ts';
import { attach, type Wire } from '../wiring.ts';
import { keptForTasks, privateBucket } from './private-bucket.ts';

/** The keys of inputs begin with it. */
export const INPUTS = 'inputs/';
const REASON = 'Permissions on uploads can only be granted by key prefix.';
/** Inputs that are too large for a request: uploaded by presigned URL, read by the workers, deleted after some days. */
export class InputBucket extends Construct {
  readonly bucket: Bucket;
  readonly #readers: ManagedPolicy;
  readonly #uploaders: ManagedPolicy;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    // S3 copies only versions to other regions.
    const isCopied = isGlobal(FleetStack.of(this).config);
    this.bucket = privateBucket(this, 'Bucket', {
      ...(isCopied && { versioned: true }),
      lifecycleRules: [keptForTasks({ versions: isCopied })],
      // Browsers may upload too. The signed URL limits what they may write.
      cors: [{ allowedMethods: [HttpMethods.PUT], allowedOrigins: ['*'], allowedHeaders: ['content-type'] }],
    });
    this.#readers = this.#policy('Readers', 'Reads the inputs of tasks', ['s3:GetObject']);
    this.#uploaders = this.#policy('Uploaders', 'Signs uploads of inputs, and looks whether they came', [
      's3:GetObject',
      's3:PutObject',
    ]);
    if (isCopied)
      FleetStack.of(this).copied.push({
        id: 'InputCopies',
        what: 'inputs',
        prefix: INPUTS,
        from: 'InputBucket',
        to: 'InputBucket',
      });
    const policies = [this.#readers, this.#uploaders].map(({ managedPolicyArn }) => managedPolicyArn);
    keepOutputs(this, [this.bucket.bucketName, ...policies]);
  }

  /** For workers. */
  reading(): Wire {
    return this.#wire(this.#readers);
  }

  /** For functions that sign uploads. */
  uploading(): Wire {
    return this.#wire(this.#uploaders);
  }

  #wire(policy: ManagedPolicy): Wire {
    return {
      value: this.bucket.bucketName,
      grantTo: (grantee) => {
        attach(policy, grantee);
        FleetStack.of(this).grantDataKey(grantee);
      },
    };
  }

  /** A policy in the bucket's own stack, since cdk-nag accepts the reason for a prefix only there. */
  #policy(id: string, description: string, objectActions: string[]): ManagedPolicy {
    const objects = this.bucket.arnForObjects(`${INPUTS}*`);
    const policy = new ManagedPolicy(this, id, {
      description,
      statements: [
        new PolicyStatement({ actions: objectActions, resources: [objects] }),
        // So that a missing object is not reported as forbidden.
        new PolicyStatement({ actions: ['s3:ListBucket'], resources: [this.bucket.bucketArn] }),
      ],
    });
    explainStar(policy, objects, REASON);
    return policy;
  }
}
