import type { Causes } from './cause.ts'

/** What can be wrong with the parameters of an authorization request. */
export const authorizationRequestCauses = {
  'wrong-response-type': {
    title: 'response_type is not code',
    explanation: 'The request asks for something else than a code, such as a token in the address bar.',
    rule: 'RFC 9700 §2.1.2',
    remedy: 'Switch the implicit or hybrid flow off and send response_type=code.',
    fault: 'partner',
  },
  'wrong-response-mode': {
    title: 'unknown response_mode',
    explanation: 'The response_mode is neither query nor form_post.',
    rule: 'OAuth 2.0 Multiple Response Type Encoding Practices §2.1',
    remedy: 'Leave response_mode out, or send query or form_post.',
    fault: 'partner',
  },
  'wrong-prompt': {
    title: 'prompt contradicts itself',
    explanation: 'The prompt has none together with other values.',
    rule: 'OpenID Connect Core §3.1.2.1',
    remedy: 'Send prompt=none alone.',
    fault: 'partner',
  },
  'wrong-max-age': {
    title: 'max_age is no number',
    explanation: 'The max_age is not a whole number of seconds.',
    rule: 'OpenID Connect Core §3.1.2.1',
    remedy: 'Send whole seconds, or leave max_age out.',
    fault: 'partner',
  },
  'malformed-claims': {
    title: 'claims is not what it should be',
    explanation: 'The claims parameter is no JSON object of the expected form.',
    rule: 'OpenID Connect Core §5.5',
    remedy: 'Send a JSON object with userinfo and id_token, or leave claims out.',
    fault: 'partner',
  },
  'many-claims': {
    title: 'claims names too many',
    explanation: 'The claims parameter names more claims than this server looks at.',
    rule: 'OpenID Connect Core §5.5',
    remedy: 'Ask for the claims that you use.',
    fault: 'partner',
  },
  unmet_authentication_requirements: {
    title: 'a way to sign in that there is not',
    explanation: 'The claims parameter insists on an acr that this server does not give.',
    rule: 'OpenID Connect Core §5.5.1.1',
    remedy: 'Ask for the acr as a wish and not as essential, or leave it out.',
    fault: 'partner',
  },
  request_not_supported: {
    title: 'request objects are not supported',
    explanation: 'The parameters came as a signed request object.',
    rule: 'RFC 9101 §5, OpenID Connect Core §6',
    remedy: 'Send the parameters one by one, or push them (RFC 9126).',
    fault: 'partner',
  },
  request_uri_not_supported: {
    title: 'a request_uri of its own',
    explanation: 'The request names an address where its parameters are to be fetched.',
    rule: 'RFC 9101 §5.2, RFC 9126 §2.2',
    remedy: 'Push the request and use the request_uri that this server gives.',
    fault: 'partner',
  },
} as const satisfies Causes
