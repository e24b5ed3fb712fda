import type { HttpResponse, Exchange } from '../http/exchange';
import { statusResponse } from './faultResponses';
import type { Fault } from './faults';

/** What a fault does before the body is read. Returns true if the request is over. */
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
			exchange.sendEarly(statusResponse(fault), fault.early);
			return true;
		default:
			return false;
	}
}

/** The part of such a fault that remains for after the body. */
export function keptForResponse(fault: Fault): Fault | undefined {
	return fault.kind === 'delay' ? undefined : fault;
}

/** What a fault does after the body has arrived. `response` is the fault's own, or the correct one. */
export async function runAfterBody(
	fault: Fault,
	exchange: Exchange,
	response: HttpResponse,
): Promise<void> {
	switch (fault.kind) {
		case 'reset':
			exchange.reset();
			return;
		case 'hang':
			return;
		case 'truncatedResponse':
			exchange.sendHalf(response);
			return;
		case 'delay':
			await exchange.wait(fault.ms);
			exchange.send(response);
			return;
		default:
			exchange.send(response);
	}
}
