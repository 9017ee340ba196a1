import { Grant } from 'aws-cdk-lib/aws-iam';
import { CfnTopic, Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import { FleetStack } from '../fleet-stack.ts';
import type { Wire } from '../wiring.ts';

export interface ReportTopicProps {
  /** Receives a mail for each run that has ended. @default nobody */
  readonly email?: string | undefined;
}

/** The topic that announces ended runs. Its messages have names and numbers, never document content. */
export class ReportTopic extends Construct {
  readonly topic: Topic;

  constructor(scope: Construct, id: string, { email }: ReportTopicProps = {}) {
    super(scope, id);
    const { dataKey } = FleetStack.of(this);
    this.topic = new Topic(this, 'Topic', { enforceSSL: true, ...(dataKey !== undefined && { masterKey: dataKey }) });
    const resource = this.topic.node.defaultChild;
    if (dataKey === undefined && resource instanceof CfnTopic) {
      // AWS's own key for SNS. CDK can only refer to it like a customer's key.
      resource.kmsMasterKeyId = 'alias/aws/sns';
    }
    if (email !== undefined) this.topic.addSubscription(new EmailSubscription(email));
  }

  /** The topic's ARN, for publishers. */
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
