import { Fn } from 'aws-cdk-lib';
import { CfnFunction } from 'aws-cdk-lib/aws-lambda';
import { IpAddresses, SecurityGroup, SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import type { IVpc } from 'aws-cdk-lib/aws-ec2';
import { Effect, Grant, Policy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { explain } from '../explain.ts';
import type { Wire } from '../wiring.ts';
import { FleetFunction } from './fleet-function.ts';

/** Permissions that a function's role needs to run in a VPC. https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html */
const PLACING = [
  'ec2:AssignPrivateIpAddresses',
  'ec2:CreateNetworkInterface',
  'ec2:DeleteNetworkInterface',
  'ec2:DescribeNetworkInterfaces',
  'ec2:DescribeSubnets',
  'ec2:UnassignPrivateIpAddresses',
];
/** Seconds: the longest a program may run (core/ports/sandbox.ts), and the time its process needs to start and end. */
const TIME_LIMIT = 45;

/**
 * Runs untrusted code in a function of its own, without a network and with a role that may only write its log. Pass
 * `running()` to a pool. Why a VPC: docs/adr/0011-the-sandbox.md.
 */
export class Sandbox extends Construct {
  readonly runner: FleetFunction;
  readonly vpc: Vpc;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.vpc = this.#makeVpc();
    this.runner = new FleetFunction(this, 'RunCode', {
      entry: 'functions/run-code/handler.ts',
      programs: { 'interpreter.mjs': 'functions/run-code/interpreter.ts' },
      service: 'run-code',
      description: 'Runs untrusted code',
      timeLimit: TIME_LIMIT,
      memory: 1_024,
      traced: false,
      environment: {},
    });
    this.#place();
  }

  /** The function's name, for workers whose tools run in it. */
  running(): Wire {
    const { functionArn, functionName } = this.runner.live;
    return {
      value: functionName,
      grantTo: (grantee) =>
        Grant.addToPrincipal({ grantee, actions: ['lambda:InvokeFunction'], resourceArns: [functionArn] }),
    };
  }

  /** Two subnets without any route out: no gateway, no endpoint, not even a DNS resolver. */
  #makeVpc(): Vpc {
    const vpc = new Vpc(this, 'Nowhere', {
      ipAddresses: IpAddresses.cidr('10.255.0.0/24'),
      // Without the names of the zones CDK looks them up in the account, and synthesis would need a login.
      availabilityZones: [0, 1].map((index) => Fn.select(index, Fn.getAzs())),
      natGateways: 0,
      createInternetGateway: false,
      enableDnsHostnames: false,
      enableDnsSupport: false,
      // CDK would do it with a function of its own. Nothing uses that group.
      restrictDefaultSecurityGroup: false,
      subnetConfiguration: [{ name: 'Isolated', subnetType: SubnetType.PRIVATE_ISOLATED, cidrMask: 26 }],
    });
    explain(vpc, { VPC7: 'There is no traffic to log. The subnets have no route out, and no rule allows traffic.' });
    return vpc;
  }

  /** Written by hand: CDK would add a managed policy that may write all logs of the account. */
  #place(): void {
    const { lambda, role } = this.runner;
    const group = new SecurityGroup(this, 'NoTraffic', {
      vpc: this.vpc as IVpc,
      description: 'Lets nothing in and nothing out',
      allowAllOutbound: false,
    });
    role.addToPolicy(new PolicyStatement({ actions: PLACING, resources: ['*'] }));
    explain(role, {
      'IAM5[Resource::*]': 'Lambda needs it to create network interfaces, which have no name before that.',
    });
    // Lambda needs these permissions. The code in the function does not.
    const ownCode = new PolicyStatement({
      effect: Effect.DENY,
      actions: PLACING,
      resources: ['*'],
      conditions: { ArnEquals: { 'lambda:SourceFunctionArn': lambda.functionArn } },
    });
    const policy = new Policy(this, 'NotByItsCode', { roles: [role], statements: [ownCode] });
    explain(policy, { 'IAM5[Resource::*]': 'It denies.' });
    const resource = lambda.node.defaultChild;
    if (!(resource instanceof CfnFunction)) throw new Error('The function has no resource of its own.');
    resource.vpcConfig = {
      subnetIds: this.vpc.isolatedSubnets.map(({ subnetId }) => subnetId),
      securityGroupIds: [group.securityGroupId],
    };
  }
}
