import { htmlResponse, jsonResponse, type HttpResponse } from '../http/exchange';
import type { Fault, StatusFault } from './faults';

const HOSTILE_TEXT =
	'\u001b[2J\u001b[31m\u001b]0;owned\u0007<script>alert(1)</script>\u0000\u202e${{7*7}}\r\n';
const MEGABYTE = 1_000_000;

/** The response that a fault sends instead of the correct one; undefined if it sends none of its own. */
export function responseOf(fault: Fault): HttpResponse | undefined {
	switch (fault.kind) {
		case 'status':
			return statusResponse(fault);
		case 'invalidJson':
			return { ...jsonResponse(200, null), body: '{"batch_results": [{"isAI": true, "conf' };
		case 'html200':
			return htmlResponse(200, '<!doctype html><html><body><h1>Welcome</h1></body></html>');
		case 'wrongSchema':
			return jsonResponse(200, { results: 'see attachment', batch_count: '2' });
		case 'hugeText':
			return {
				status: fault.status ?? 500,
				headers: { 'Content-Type': 'text/plain; charset=utf-8' },
				body: Buffer.alloc(fault.megabytes * MEGABYTE, HOSTILE_TEXT),
			};
		default:
			return undefined;
	}
}

export function statusResponse(fault: StatusFault): HttpResponse {
	const { status, headers } = fault;
	const response =
		fault.json !== undefined
			? jsonResponse(status, fault.json)
			: fault.html !== undefined
				? htmlResponse(status, fault.html)
				: textResponse(status, fault.text ?? '');
	return { ...response, headers: { ...response.headers, ...headers } };
}

function textResponse(status: number, body: string): HttpResponse {
	return { status, body, headers: body ? { 'Content-Type': 'text/plain; charset=utf-8' } : {} };
}
