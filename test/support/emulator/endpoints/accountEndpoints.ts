import { jsonResponse, type Exchange } from '../http/exchange';
import { parseTokenForm, type TokenIssuer } from './oauth';
import { Refusal } from './refusal';

/** The form has three short fields, so a larger one is a mistake. */
const MAX_FORM_BYTES = 64 * 1024;

export function sendHealth(exchange: Exchange): void {
	exchange.send(jsonResponse(200, { status: 'healthy' }));
}

export function sendStatus(
	exchange: Exchange,
	permissions: readonly string[],
	timestamp: number,
): void {
	exchange.send(
		jsonResponse(200, {
			status: 'operational',
			service: 'bitmind-enterprise-api',
			region: 'emulator',
			client: { name: 'Emulator Client', tier: 'enterprise', permissions },
			features: { batch_processing: true, mtls: true },
			endpoints: ['/image', '/video', '/batch_image', '/batch_video', '/status', '/health'],
			timestamp: new Date(timestamp).toISOString(),
		}),
	);
}

export async function sendToken(
	exchange: Exchange,
	tokens: TokenIssuer,
	checkCertificate: () => void,
): Promise<void> {
	const chunks: Buffer[] = [];
	let size = 0;
	for await (const chunk of exchange.body as AsyncIterable<Buffer>) {
		size += chunk.length;
		if (size > MAX_FORM_BYTES) throw new Refusal(413, 'Form is too large', true);
		chunks.push(chunk);
	}
	const form = parseTokenForm(
		exchange.request.headers['content-type'],
		Buffer.concat(chunks).toString(),
	);
	const response = tokens.issue(form, checkCertificate);
	exchange.record.tokenClient = form.get('client_id') ?? undefined;
	exchange.send(jsonResponse(200, response));
}
