import { Duration, Stack } from 'aws-cdk-lib';
import { Grant, ManagedPolicy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
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
    keepOutputs(this, [this.bucket.bucketName, this.#recorder.managedPolicyArn]);
  }

  /** For workers, which call tools. */
  recording(): Wire {
    return {
      value: this.bucket.bucketName,
      grantTo: (grantee) => {
        attach(this.#recorder, grantee);
        FleetStack.of(this).grantDataKey(grantee);
      },
    };
  }

  /** For the function that shows a task's entries: it reads every version of them. */
  verifying(scope: Construct): Wire {
    const stack = FleetStack.of(scope);
    // The export that workers import, too. Another one would stand in the way of a rollback.
    const bucket = Stack.of(this).exportValue(this.bucket.bucketName);
    const bucketArn = stack.formatArn({ service: 's3', region: '', account: '', resource: bucket });
    const entries = `${bucketArn}/${AUDIT}*`;
    return {
      value: bucket,
      grantTo: (grantee) => {
        Grant.addToPrincipal({ grantee, actions: ['s3:ListBucketVersions'], resourceArns: [bucketArn] });
        Grant.addToPrincipal({ grantee, actions: ['s3:GetObjectVersion'], resourceArns: [entries] });
        explainStar(scope, entries, REASON);
        stack.grantDataKey(grantee);
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
}
