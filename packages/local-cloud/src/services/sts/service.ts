import { randomUUID } from 'node:crypto';
import { asServiceError, readBody, send } from '../http.ts';
import { ServiceError } from '../service.ts';
import type { Caller, Service, ServiceOutput } from '../service.ts';
import { writeXml } from '../xml.ts';

const NAMESPACE = 'https://sts.amazonaws.com/doc/2011-06-15/';
const BODY_LIMIT = 64 * 2 ** 10;

/** The local STS. It supports `aws sts get-caller-identity`, which tools call first. */
export function createSts({ account }: { readonly account: string }): Service {
  const run = (action: string, caller: Caller): ServiceOutput => {
    if (action !== 'GetCallerIdentity') {
      throw new ServiceError(
        'InvalidAction',
        `The local STS does not support the action ${action}. It supports GetCallerIdentity only.`,
      );
    }
    const Arn = caller.principal === 'root' ? `arn:aws:iam::${account}:root` : caller.principal;
    return { UserId: caller.accessKeyId, Account: account, Arn };
  };

  const handle: Service['handle'] = async (request, response, caller, authorize) => {
    const headers = { 'content-type': 'text/xml' };
    const ResponseMetadata = { RequestId: randomUUID() };
    try {
      const form = new URLSearchParams((await readBody(request, BODY_LIMIT)).toString('utf8'));
      const action = form.get('Action') ?? '';
      authorize(action, {});
      const { UserId, Account, Arn } = run(action, caller);
      const result = { UserId: String(UserId), Account: String(Account), Arn: String(Arn) };
      const content = { [`${action}Result`]: result, ResponseMetadata };
      send(response, 200, writeXml(`${action}Response`, content, NAMESPACE), headers);
    } catch (thrown) {
      const { code, message, status } = asServiceError(thrown);
      const content = { Error: { Type: 'Sender', Code: code, Message: message }, ...ResponseMetadata };
      send(response, status, writeXml('ErrorResponse', content, NAMESPACE), headers);
    }
  };

  return { name: 'sts', invoke: async (action, _input, caller) => run(action, caller), handle, close: async () => {} };
}
