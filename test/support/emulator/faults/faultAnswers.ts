import { htmlAnswer, jsonAnswer, type Answer } from '../http/exchange';
import type { Fault, StatusFault } from './faults';

const HOSTILE_TEXT =
	'\u001b[2J\u001b[31m\u001b]0;owned\u0007<script>alert(1)</script>\u0000\u202e${{7*7}}\r\n';
const MEGABYTE = 1_000_000;

/** The answer that a fault puts in place of the right one; undefined where it puts none. */
export function answerOf(fault: Fault): Answer | undefined {
	switch (fault.kind) {
		case 'status':
			return statusAnswer(fault);
		case 'invalidJson':
			return { ...jsonAnswer(200, null), body: '{"batch_results": [{"isAI": true, "conf' };
		case 'html200':
			return htmlAnswer(200, '<!doctype html><html><body><h1>Welcome</h1></body></html>');
		case 'wrongSchema':
			return jsonAnswer(200, { results: 'see attachment', batch_count: '2' });
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

export function statusAnswer(fault: StatusFault): Answer {
	const { status, headers } = fault;
	const answer =
		fault.json !== undefined
			? jsonAnswer(status, fault.json)
			: fault.html !== undefined
				? htmlAnswer(status, fault.html)
				: textAnswer(status, fault.text ?? '');
	return { ...answer, headers: { ...answer.headers, ...headers } };
}

function textAnswer(status: number, body: string): Answer {
	return { status, body, headers: body ? { 'Content-Type': 'text/plain; charset=utf-8' } : {} };
}
