import { Duration } from 'aws-cdk-lib';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import { alarm, fleetMetric, ReportTopic, type Wire } from '#lib/index.ts';
import { NOT_MAILED } from './metric.ts';
import { SesSender } from './ses-sender.ts';
import { addressOf, type MailSettings } from './settings.ts';

export interface BriefMailProps {
  /** Undefined: nothing is mailed. */
  readonly settings: MailSettings | undefined;
  /** The `service` of the function that mails, whose metrics say what was not sent. */
  readonly service: string;
}

interface Way {
  /** Variables of the function that mails, with their permissions. */
  readonly environment: Readonly<Record<string, string | Wire>>;
  /** What people must know after a deploy. */
  readonly outputs: Readonly<Record<string, string>>;
}

/** What mails the brief: Amazon SES if the settings have a sender, else a topic that recipients subscribe to. */
export class BriefMail extends Construct implements Way {
  readonly environment: Way['environment'];
  /** What the function must be allowed on the table in which it is written who got a brief. */
  readonly actions: readonly string[];
  readonly outputs: Way['outputs'];

  constructor(scope: Construct, id: string, { settings, service }: BriefMailProps) {
    super(scope, id);
    const way = settings === undefined ? NOT_AT_ALL : this.#wayOf(settings);
    this.environment = {
      ...way.environment,
      ...(settings !== undefined && { MAIL_TO: settings.to.join(',') }),
    };
    this.outputs = way.outputs;
    this.actions = settings === undefined ? [] : ['GetItem', 'PutItem', 'UpdateItem'];
    if (settings !== undefined) this.#watchUnsent(service);
  }

  #wayOf({ from, to, createIdentity, ...settings }: MailSettings): Way {
    if (from === undefined) return this.#byTopic(to);
    const { identity = addressOf(from).replace(/^.*@/, '') } = settings;
    const sender = new SesSender(this, 'Sender', { from, identity, createIdentity });
    return {
      environment: { MAIL_FROM: from, MAIL_CONFIGURATION_SET: sender.sending() },
      outputs: {
        MailNote: `Briefs are mailed by Amazon SES, which must have verified ${identity} and let the account out of the sandbox.`,
        ...sender.dnsRecords(),
      },
    };
  }

  #byTopic(to: readonly string[]): Way {
    const briefs = new ReportTopic(this, 'Briefs');
    for (const address of to) briefs.topic.addSubscription(new EmailSubscription(address));
    return {
      environment: { MAIL_TOPIC_ARN: briefs.publishing() },
      outputs: {
        MailNote:
          'Without a sender, recipients get a short text by SNS. Each must confirm the subscription in the mail that they got.',
      },
    };
  }

  #watchUnsent(service: string): void {
    alarm(this, 'Unsent', {
      metric: fleetMetric(this, { service, name: NOT_MAILED, period: Duration.minutes(5) }),
      threshold: 1,
      says: 'A brief was made but did not reach every recipient. The log line brief.mailed says why. The brief is in the bucket.',
      severity: 2,
      runbook: 'mail',
    });
  }
}

const NOT_AT_ALL: Way = {
  environment: {},
  outputs: { MailNote: 'Briefs are not mailed. Set systems.research.mail in config/ to mail them.' },
};
