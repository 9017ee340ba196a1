import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { CalculatorStack } from '../systems/calculator/stack.ts';
import { quickApp, removeFolder } from './synthesize.ts';

const app = quickApp('prod');
const [stack] = app.add(CalculatorStack);
if (stack === undefined) throw new Error('The app has no stack.');
const template = Template.fromStack(stack);
removeFolder(app.outdir);

type Resources = Readonly<Record<string, { readonly Properties: Readonly<Record<string, unknown>> }>>;
const all = (type: string): Resources => template.findResources(type) as Resources;
const idOf = (type: string, prefix: string): string => {
  const id = Object.keys(all(type)).find((name) => name.startsWith(prefix));
  if (id === undefined) throw new Error(`No ${type} ${prefix}* found.`);
  return id;
};

describe('the sandbox on AWS', () => {
  it('is in a network without a way out: no gateway, endpoint, route or resolver', () => {
    for (const type of [
      'InternetGateway',
      'NatGateway',
      'EgressOnlyInternetGateway',
      'VPCEndpoint',
      'Route',
      'VPCPeeringConnection',
    ]) {
      expect([type, Object.keys(all(`AWS::EC2::${type}`))]).toEqual([type, []]);
    }
    template.hasResourceProperties('AWS::EC2::VPC', { EnableDnsSupport: false, EnableDnsHostnames: false });
    expect(Object.keys(all('AWS::EC2::Subnet'))).toHaveLength(2);
  });

  it('allows no inbound and no outbound traffic', () => {
    const groups = Object.values(all('AWS::EC2::SecurityGroup')).map(({ Properties }) => Properties);
    expect(groups).toHaveLength(1);
    expect(groups[0]).not.toHaveProperty('SecurityGroupIngress');
    // The CDK's rule for no traffic. An empty list would allow all traffic.
    expect(groups[0]?.['SecurityGroupEgress']).toMatchObject([{ CidrIp: '255.255.255.255/32', IpProtocol: 'icmp' }]);
    expect(Object.keys(all('AWS::EC2::SecurityGroupEgress'))).toEqual([]);
  });

  it('runs the function in that network, without tracing', () => {
    const { Properties } = all('AWS::Lambda::Function')[idOf('AWS::Lambda::Function', 'SandboxRunCode')] ?? {};
    expect(Properties?.['VpcConfig']).toMatchObject({
      SubnetIds: [expect.anything(), expect.anything()],
      SecurityGroupIds: [expect.anything()],
    });
    expect(Properties).not.toHaveProperty('TracingConfig');
  });

  it('has a role for its logs and network interfaces, and denies the interfaces to the code', () => {
    const role = idOf('AWS::IAM::Role', 'SandboxRunCode');
    const policies = Object.values(all('AWS::IAM::Policy')).filter(({ Properties }) =>
      JSON.stringify(Properties['Roles']).includes(role),
    );
    const statements = policies.flatMap(
      ({ Properties }) =>
        (Properties['PolicyDocument'] as { Statement: { Effect: string; Action: string[]; Condition?: unknown }[] })
          .Statement,
    );
    const allowed = statements.filter(({ Effect }) => Effect === 'Allow').flatMap(({ Action }) => Action);
    expect(
      allowed.filter(
        (action) =>
          !/^(logs:(CreateLogStream|PutLogEvents)|ec2:\w*(NetworkInterface|PrivateIp|Subnet)\w*)$/.test(action),
      ),
    ).toEqual([]);
    const denied = statements.find(({ Effect }) => Effect === 'Deny');
    expect(denied?.Action).toEqual(allowed.filter((action) => action.startsWith('ec2:')));
    expect(JSON.stringify(denied?.Condition)).toContain('lambda:SourceFunctionArn');
    expect(all('AWS::IAM::Role')[role]?.Properties).not.toHaveProperty('ManagedPolicyArns');
  });

  it('can be invoked only by its pool', () => {
    const callers = Object.entries(all('AWS::IAM::Policy')).filter(([, policy]) => {
      const text = JSON.stringify(policy);
      return text.includes('lambda:InvokeFunction') && text.includes('SandboxRunCodeLive');
    });
    expect(callers.map(([id]) => id.replace(/RoleDefaultPolicy.*/, ''))).toEqual(['CalculatorWorker']);
  });
});
