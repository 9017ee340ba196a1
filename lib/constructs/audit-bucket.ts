import { Duration } from 'aws-cdk-lib';
import { ManagedPolicy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { ObjectLockRetention } from 'aws-cdk-lib/aws-s3';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { explainStar } from '../explain.ts';
import { FleetStack } from '../fleet-stack.ts';
import { keepOutputs } from '../kept-outputs.ts';
import { attach, type Wire } from '../wiring.ts';
import { privateBucket } from './private-bucket.ts';

const AUDIT = 'audit/';
const REASON =
  'Each entry is an object named by task and step. Permissions on objects can only be granted by key prefix.';

/**
 * The audit trail: the input and outcome of every tool call, as objects that are written once. S3 Object Lock keeps them
 * for the environment's retention time. Where data is protected it uses compliance mode, in which not even the account's
 * root user can change them. Elsewhere it uses governance mode, so that a dev environment can be destroyed.
 */
export class AuditBucket extends Construct {
  readonly bucket: Bucket;
  readonly #recorder: ManagedPolicy;
  readonly #verifier: ManagedPolicy;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    const { protectData, auditRetentionDays = protectData ? 365 : 1 } = FleetStack.of(this).config;
    const kept = Duration.days(auditRetentionDays);
    this.bucket = privateBucket(this, 'Bucket', {
      // Required by Object Lock.
      versioned: true,
      objectLockEnabled: true,
      objectLockDefaultRetention: protectData
        ? ObjectLockRetention.compliance(kept)
        : ObjectLockRetention.governance(kept),
    });
    this.#recorder = this.#makeRecorder();
    this.#verifier = this.#makeVerifier();
    keepOutputs(this, [this.bucket.bucketName, this.#recorder.managedPolicyArn]);
  }

  /** For workers, which call tools. */
  recording(): Wire {
    return this.#wire(this.#recorder);
  }

  /** For the function that shows a task's entries: it reads every version of them. */
  verifying(): Wire {
    return this.#wire(this.#verifier);
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
  #makeRecorder(): ManagedPolicy {
    const resource = this.bucket.arnForObjects(`${AUDIT}*`);
    const policy = new ManagedPolicy(this, 'Recorder', {
      description: 'Adds entries to the audit trail',
      statements: [new PolicyStatement({ actions: ['s3:PutObject'], resources: [resource] })],
    });
    explainStar(policy, resource, REASON);
    return policy;
  }

  #makeVerifier(): ManagedPolicy {
    const resource = this.bucket.arnForObjects(`${AUDIT}*`);
    const policy = new ManagedPolicy(this, 'Verifier', {
      description: 'Reads the audit trail with all versions',
      statements: [
        new PolicyStatement({ actions: ['s3:ListBucketVersions'], resources: [this.bucket.bucketArn] }),
        new PolicyStatement({ actions: ['s3:GetObjectVersion'], resources: [resource] }),
      ],
    });
    explainStar(policy, resource, REASON);
    return policy;
  }
}
