import { Grant } from 'aws-cdk-lib/aws-iam';
import { CfnTopic, Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import { FleetStack } from '../fleet-stack.ts';
import type { Wire } from '../wiring.ts';

export interface ReportTopicProps {
  /** Receives a mail for each run that ended. @default nobody */
  readonly email?: string | undefined;
}

/** Where the ends of runs are told: names and numbers, nothing of a document. */
export class ReportTopic extends Construct {
  readonly topic: Topic;

  constructor(scope: Construct, id: string, { email }: ReportTopicProps = {}) {
    super(scope, id);
    const { dataKey } = FleetStack.of(this);
    this.topic = new Topic(this, 'Topic', { enforceSSL: true, ...(dataKey !== undefined && { masterKey: dataKey }) });
    const resource = this.topic.node.defaultChild;
    if (dataKey === undefined && resource instanceof CfnTopic) {
      // AWS's own key for SNS, which CDK can only name as if it were ours.
      resource.kmsMasterKeyId = 'alias/aws/sns';
    }
    if (email !== undefined) this.topic.addSubscription(new EmailSubscription(email));
  }

  /** The topic's ARN, for who publishes to it. */
  publishing(): Wire {
    const { topicArn } = this.topic;
    return {
      value: topicArn,
      grantTo: (grantee) => {
        Grant.addToPrincipal({ grantee, actions: ['sns:Publish'], resourceArns: [topicArn] });
        FleetStack.of(this).grantDataKey(grantee);
      },
    };
  }
}
