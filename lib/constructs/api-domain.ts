import { DomainName, EndpointType, SecurityPolicy } from 'aws-cdk-lib/aws-apigateway';
import { Certificate, CertificateValidation } from 'aws-cdk-lib/aws-certificatemanager';
import type { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import {
  CfnRecordSet,
  HealthCheck,
  HealthCheckType,
  HostedZone,
  InsufficientDataHealthStatusEnum,
} from 'aws-cdk-lib/aws-route53';
import { Construct } from 'constructs';
import type { Config } from '../config.ts';
import { FleetStack } from '../fleet-stack.ts';
import type { TaskApi } from './task-api.ts';

export interface ApiDomainProps {
  readonly api: TaskApi;
  readonly domain: NonNullable<Config['domain']>;
  /** Rings while the region does no work. */
  readonly working: Alarm;
}

/**
 * A region's task API under the domain of all three: a regional custom domain of API Gateway, which has the same name in
 * each region, and a latency record that Route 53 leaves out of its answers while the region does no work.
 *
 * Every record exists beforehand and only the health changes, since records can only be changed through us-east-1. The
 * health check follows the alarm on canary tasks: in an outage, an API may answer for hours while nothing receives from
 * queues. Route 53 reads the alarm's data itself. A region without data is as good as down.
 */
export class ApiDomain extends Construct {
  readonly health: HealthCheck;
  readonly record: CfnRecordSet;

  constructor(scope: Construct, id: string, { api, domain, working }: ApiDomainProps) {
    super(scope, id);
    const { region, stackName } = FleetStack.of(this);
    const zone = HostedZone.fromHostedZoneId(this, 'Zone', domain.hostedZoneId);
    const name = new DomainName(this, 'Name', {
      domainName: domain.name,
      certificate: new Certificate(this, 'Certificate', {
        domainName: domain.name,
        validation: CertificateValidation.fromDns(zone),
      }),
      endpointType: EndpointType.REGIONAL,
      securityPolicy: SecurityPolicy.TLS_1_2,
    });
    name.addBasePathMapping(api.rest, { stage: api.rest.deploymentStage });
    this.health = new HealthCheck(this, 'Health', {
      type: HealthCheckType.CLOUDWATCH_METRIC,
      alarmIdentifier: { name: working.alarmName, region },
      insufficientDataHealthStatus: InsufficientDataHealthStatusEnum.UNHEALTHY,
    });
    this.record = new CfnRecordSet(this, 'Record', {
      hostedZoneId: domain.hostedZoneId,
      name: domain.name,
      type: 'A',
      setIdentifier: `${stackName}-${region}`,
      region,
      healthCheckId: this.health.healthCheckId,
      aliasTarget: {
        dnsName: name.domainNameAliasDomainName,
        hostedZoneId: name.domainNameAliasHostedZoneId,
        evaluateTargetHealth: true,
      },
    });
  }
}
