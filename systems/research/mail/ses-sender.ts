import { Duration } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { Grant } from 'aws-cdk-lib/aws-iam';
import { CfnConfigurationSet, CfnConfigurationSetEventDestination, CfnEmailIdentity } from 'aws-cdk-lib/aws-ses';
import { Construct } from 'constructs';
import { alarm, FleetStack, type Wire } from '#lib/index.ts';
import { addressOf } from './settings.ts';

export interface SesSenderProps {
  readonly from: string;
  /** The identity in Amazon SES that the sender belongs to. */
  readonly identity: string;
  readonly createIdentity: boolean;
}

/** The dimension of SES's metrics that SES sets itself, of each mail with a configuration set. */
const SET = 'ses:configuration-set';

/**
 * A sender of Amazon SES. Bounces and complaints ring alarms; whose they are is in the notification that SES mails to the
 * sender's address.
 */
export class SesSender extends Construct {
  /** Undefined if it is there already. */
  readonly identity: CfnEmailIdentity | undefined;
  readonly set: CfnConfigurationSet;
  /** What SES tells CloudWatch. */
  readonly events: CfnConfigurationSetEventDestination;
  readonly #props: SesSenderProps;

  constructor(scope: Construct, id: string, props: SesSenderProps) {
    super(scope, id);
    this.#props = props;
    this.identity = props.createIdentity
      ? new CfnEmailIdentity(this, 'Identity', { emailIdentity: props.identity })
      : undefined;
    this.set = new CfnConfigurationSet(this, 'Set', {
      deliveryOptions: { tlsPolicy: 'REQUIRE' },
      suppressionOptions: { suppressedReasons: ['BOUNCE', 'COMPLAINT'] },
    });
    this.events = new CfnConfigurationSetEventDestination(this, 'Events', {
      configurationSetName: this.set.ref,
      eventDestination: {
        enabled: true,
        matchingEventTypes: ['bounce', 'complaint', 'reject'],
        cloudWatchDestination: {
          dimensionConfigurations: [
            { dimensionName: SET, dimensionValueSource: 'messageTag', defaultDimensionValue: 'none' },
          ],
        },
      },
    });
    this.#watch('Bounce', 'A brief came back');
    this.#watch('Complaint', 'A recipient marked a brief as spam');
  }

  /** The name of the configuration set, with the permission to send from the sender's address alone. */
  sending(): Wire {
    const { identity, from } = this.#props;
    const arn = (resource: string, resourceName: string): string =>
      FleetStack.of(this).formatArn({ service: 'ses', resource, resourceName });
    return {
      value: this.set.ref,
      grantTo: (grantee) =>
        Grant.addToPrincipal({
          grantee,
          actions: ['ses:SendEmail'],
          resourceArns: [arn('identity', identity), arn('configuration-set', this.set.ref)],
          conditions: { StringEquals: { 'ses:FromAddress': addressOf(from) } },
        }),
    };
  }

  /** The DNS records by which SES verifies a domain. None if it is there already. */
  dnsRecords(): Record<string, string> {
    const { identity } = this;
    if (identity === undefined || this.#props.identity.includes('@')) return {};
    return {
      MailDnsRecord1: `${identity.attrDkimDnsTokenName1} CNAME ${identity.attrDkimDnsTokenValue1}`,
      MailDnsRecord2: `${identity.attrDkimDnsTokenName2} CNAME ${identity.attrDkimDnsTokenValue2}`,
      MailDnsRecord3: `${identity.attrDkimDnsTokenName3} CNAME ${identity.attrDkimDnsTokenValue3}`,
    };
  }

  #watch(metricName: string, what: string): void {
    alarm(this, metricName, {
      metric: new Metric({
        namespace: 'AWS/SES',
        metricName,
        dimensionsMap: { [SET]: this.set.ref },
        statistic: 'Sum',
        period: Duration.minutes(5),
      }),
      threshold: 1,
      says: `${what}. SES mails the notification with the address to the sender. Remove the recipient from systems.research.mail.to.`,
      severity: 3,
      runbook: 'mail',
    });
  }
}
