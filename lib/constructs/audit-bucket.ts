import { Duration } from 'aws-cdk-lib';
import { ManagedPolicy, PolicyStatement, Role } from 'aws-cdk-lib/aws-iam';
import { ObjectLockRetention } from 'aws-cdk-lib/aws-s3';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { explainStar } from '../explain.ts';
import { FleetStack } from '../fleet-stack.ts';
import type { Wire } from '../wiring.ts';
import { privateBucket } from './private-bucket.ts';

const AUDIT = 'audit/';
const REASON =
  'One object an entry, named by task and step: rights on them can be given by the prefix of their keys only.';

/**
 * The audit trail: what every tool was asked and how it ended, as objects that are written once. S3's Object Lock keeps
 * them as long as the environment says, in compliance mode (not even the account's root can change one) where data is
 * protected, else in governance mode, so that a dev environment can be destroyed.
 */
export class AuditBucket extends Construct {
  readonly bucket: Bucket;
  readonly #recorder: ManagedPolicy;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    const { protectData, auditRetentionDays = protectData ? 365 : 1 } = FleetStack.of(this).config;
    const kept = Duration.days(auditRetentionDays);
    this.bucket = privateBucket(this, 'Bucket', {
      // Object Lock asks for versions.
      versioned: true,
      objectLockEnabled: true,
      objectLockDefaultRetention: protectData
        ? ObjectLockRetention.compliance(kept)
        : ObjectLockRetention.governance(kept),
    });
    this.#recorder = this.#makeRecorder();
  }

  /** For who calls tools. */
  recording(): Wire {
    return {
      value: this.bucket.bucketName,
      grantTo: (grantee) => {
        if (!(grantee instanceof Role)) throw new Error(`${this.node.path} is granted to roles only.`);
        grantee.addManagedPolicy(this.#recorder);
        FleetStack.of(this).grantDataKey(grantee);
      },
    };
  }

  /** A policy of its own stack, since a resource's prefix can only be explained where the bucket is. */
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
