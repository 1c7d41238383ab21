package main

import "mashang/api/launch"

// launch is the list of what must be in place, for the console and for doctor.
func (p *portal) launch() *launch.List {
	return &launch.List{
		Places: p.places, Library: p.library, Staff: p.staff, Book: p.book, Audit: p.audit, Jobs: p.jobs, Settings: p.settings, Backups: p.backups(),
		Reachable: func(address string) bool { return unreachable(p.cfg, address) == "" }, Now: p.now, BaseURL: p.cfg.BaseURL, Sample: p.sample,
	}
}
