import type { Answer, Exchange } from '../http/exchange';
import { statusAnswer } from './faultAnswers';
import type { Fault } from './faults';

/** What a fault does before the body is read. Returns true if nothing more is to be done. */
export async function runBeforeBody(fault: Fault, exchange: Exchange): Promise<boolean> {
	switch (fault.kind) {
		case 'reset':
			await exchange.receive(fault.afterBytes ?? 0);
			exchange.reset();
			return true;
		case 'hang':
			await exchange.receive(fault.afterBytes ?? 0);
			return true;
		case 'delay':
			await exchange.wait(fault.ms);
			return false;
		case 'slowRead':
			exchange.slowDown(fault.bytesPerSecond);
			return false;
		case 'status':
			if (!fault.early) return false;
			exchange.sendEarly(statusAnswer(fault), fault.early);
			return true;
		default:
			return false;
	}
}

/** What is left of such a fault for after the body. */
export function keptForAnswer(fault: Fault): Fault | undefined {
	return fault.kind === 'delay' ? undefined : fault;
}

/** What a fault does once the body has arrived; `answer` is its own, where it has one. */
export async function runAfterBody(
	fault: Fault,
	exchange: Exchange,
	answer: Answer,
): Promise<void> {
	switch (fault.kind) {
		case 'reset':
			exchange.reset();
			return;
		case 'hang':
			return;
		case 'truncatedAnswer':
			exchange.sendHalf(answer);
			return;
		case 'delay':
			await exchange.wait(fault.ms);
			exchange.send(answer);
			return;
		default:
			exchange.send(answer);
	}
}
