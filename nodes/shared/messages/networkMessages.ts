import type { Failure, FailureOf, ProxyProblem, TlsProblem } from '../../../client';
import type { Message } from './message';

/**
 * The message for an unexpected response after other requests were successful: the address and the
 * credential are right, so the problem is temporary. Undefined for any other failure.
 */
export function afterAnswers(failure: Failure): Message | undefined {
	const { answeredBefore } = failure;
	const what = answeredBefore === undefined ? undefined : afterAnswersText(failure);
	if (!what) return undefined;
	return {
		message: `After ${answeredBefore === 1 ? 'one successful request' : `${answeredBefore} successful requests`}, ${what}`,
		description:
			'The base URL and the credential were right, because earlier requests were successful. The cause is probably something in between, such as a gateway. Run the workflow again later for these items.',
	};
}

function afterAnswersText(failure: Failure): string | undefined {
	const said = failure.serverMessage ? `: ${failure.serverMessage}` : '';
	switch (failure.kind) {
		case 'wrongAddress':
			return failure.found === 'noTls'
				? 'the server no longer used https'
				: `the server responded with ${STRAYS[failure.found]} instead of verdicts (status ${failure.status})${said}`;
		case 'noBatches':
			return `the server responded with 'not found' instead of verdicts (status ${failure.status})${said}`;
		case 'forbidden':
			return `a request was not permitted (status ${failure.status})${said}`;
		case 'unauthorized':
			return `the credential was no longer accepted${said}`;
		case 'tokenRefused':
			return `BitMind issued no new access token${said}`;
		case 'tls':
			return `no secure connection could be made (${failure.code})`;
		case 'proxy':
			return `the proxy ${failure.proxy ?? ''} no longer let a connection through${failure.status ? ` (status ${failure.status})` : ''}`;
		default:
			return undefined;
	}
}

const STRAYS = { notFound: "'not found'", redirect: 'a redirect', webPage: 'a web page' } as const;

export function networkProblem(code: string): string {
	if (/ENOTFOUND|EAI_AGAIN/.test(code)) return 'its name could not be resolved';
	return /REFUSED/.test(code) ? 'it refuses connections' : 'it does not respond';
}

const TLS: Readonly<Record<TlsProblem, readonly [what: string, description: string]>> = {
	untrusted: [
		"the server's certificate comes from an authority that is not trusted",
		"If a gateway or proxy of your organization has a certificate of its own, add its CA to the credential as 'CA Certificate'.",
	],
	expired: [
		"the server's certificate has expired",
		'Check the clock of this machine. If it is right, the operator of the server has to renew the certificate.',
	],
	notYetValid: [
		"the server's certificate is not valid yet",
		'Check the clock of this machine: it may be behind.',
	],
	otherName: [
		"the server's certificate was made for another name",
		"Check the credential's 'Base URL': the name in it must be the one in the certificate.",
	],
	refused: [
		'the server ended the handshake',
		"If it asks for a client certificate, set 'Client Certificate' and 'Client Key' in the credential.",
	],
	other: [
		'the handshake failed',
		"If a gateway or proxy of your organization has a certificate of its own, add its CA to the credential as 'CA Certificate'. If the server asks for a client certificate, set certificate and key in the credential.",
	],
};

export function tlsMessage({ problem, host, code }: FailureOf<'tls'>): Message {
	const [what, description] = TLS[problem];
	return { message: `No secure connection to ${host}: ${what} (${code})`, description };
}

const ENVIRONMENT =
	'Check the environment variables HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY of n8n.';

export function proxyMessage({ problem, proxy, status, code }: FailureOf<'proxy'>): Message {
	const name = proxy ? `The proxy ${proxy}` : 'The proxy';
	const messages: Readonly<Record<ProxyProblem, string>> = {
		badAddress: "The proxy's address can't be used",
		unsupportedScheme: `${name} is of an unsupported kind: its address must begin with http:// or https://`,
		noTls: `${name} does not use https: its address should begin with http://`,
		certificate: `${name} has a certificate that is not accepted (${code})`,
		unreachable: `${name} can't be reached: ${networkProblem(code ?? '')}`,
		refused: `${name} did not let the connection through (status ${status})`,
	};
	const cures: Partial<Record<ProxyProblem, string>> = {
		badAddress: `${ENVIRONMENT} An address looks like http://user:password@proxy:3128.`,
		certificate: "Add the CA of the proxy's certificate to the credential as 'CA Certificate'.",
		refused: `${status === 407 ? 'It does not accept the user or password.' : 'It may not be allowed to connect there.'} ${ENVIRONMENT}`,
	};
	return { message: messages[problem], description: cures[problem] ?? ENVIRONMENT };
}
