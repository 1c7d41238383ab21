package staff

import "slices"

// Role is what somebody is to the portal.
type Role string

// The roles.
const (
	Admin       Role = "admin"        // runs the portal
	Editor      Role = "editor"       // writes policy, amounts and answers
	Publisher   Role = "publisher"    // brings in and approves lists
	Operator    Role = "operator"     // answers the hotline
	TownOfficer Role = "town-officer" // takes the cases of a town
	Helper      Role = "helper"       // helps residents in a village
	Auditor     Role = "auditor"      // looks at what the others did
)

// Roles lists every role.
func Roles() []Role {
	return []Role{Admin, Editor, Publisher, Operator, TownOfficer, Helper, Auditor}
}

// ParseRole reads a role's name.
func ParseRole(s string) (Role, bool) {
	r := Role(s)
	return r, slices.Contains(Roles(), r)
}

// Bound reports whether a role is only ever for one division: an account of such
// a role without a scope sees no case.
func (r Role) Bound() bool { return r == TownOfficer || r == Helper }

// Permission is one thing a role may or may not do.
type Permission string

// The permissions.
const (
	SeeHome       Permission = "home"             // the first page and one's own password
	SeeCases      Permission = "cases"            // what is open about a case
	SeePersons    Permission = "persons"          // who a case is about; every look is recorded
	SeeDeliveries Permission = "deliveries"       // the outbox
	Retry         Permission = "retry"            // send again
	SeeEndpoints  Permission = "endpoints"        // the back offices
	EditEndpoints Permission = "endpoints.edit"   // switch them off and on
	SeePlaces     Permission = "places"           // divisions, offices, locations and their codes
	EditPlaces    Permission = "places.edit"      // change, import, merge and move them
	SeePosters    Permission = "posters"          // what was printed
	PrintPosters  Permission = "print"            // printing inside one's own division
	SeeScans      Permission = "scans"            // how often codes are scanned; the dashboard's figures
	Assist        Permission = "assist"           // fill in for others at a screen that is wiped in between
	Inspect       Permission = "rounds"           // walk an inspection round and tick posters
	EditRounds    Permission = "inspections.edit" // plan rounds
	SeePolicy     Permission = "policy"           // programmes, amounts, documents
	EditPolicy    Permission = "policy.edit"      // draft and propose changes of them
	PublishPolicy Permission = "policy.publish"   // approve what another has proposed
	SeeLists      Permission = "lists"            // publications
	Publish       Permission = "lists.publish"    // approve and withdraw publications
	SeeStaff      Permission = "staff"            // accounts and sessions
	EditStaff     Permission = "staff.edit"       // make accounts, disable them, end sessions
	SeeAudit      Permission = "audit"            // who did what
	SeeSettings   Permission = "settings"         // the office's own settings
	EditSettings  Permission = "settings.edit"    // change them; the wizard
	SeeJobs       Permission = "jobs"             // background jobs and backups
	RunJobs       Permission = "jobs.run"         // start and cancel them
	SeeFeedback   Permission = "feedback"         // what residents say of the service
	SeeQuestions  Permission = "questions"        // what was asked and not answered
	AnswerCalls   Permission = "desk"             // sit at the hotline's desk: answer, text, hand over, file for a caller
	SeeDesk       Permission = "desk.figures"     // how many calls and how they ended, without a word of them
	HelpLeave     Permission = "notify.leave"     // look up who asks by voice to get no more texts, and end them; every look is recorded
	Everything    Permission = "everything else"  // kept by nobody: an unlisted route asks for it
)

// grants is the whole of who may do what. What is not here is denied.
var grants = map[Role][]Permission{
	Admin: {SeeHome, SeeCases, SeePersons, SeeDeliveries, Retry, SeeEndpoints, EditEndpoints, SeePlaces, EditPlaces, SeePosters, PrintPosters, SeeScans, Assist, Inspect, EditRounds,
		SeePolicy, EditPolicy, PublishPolicy, SeeLists, Publish, SeeStaff, EditStaff, SeeAudit, SeeSettings, EditSettings, SeeJobs, RunJobs, SeeQuestions, SeeFeedback, HelpLeave, AnswerCalls, SeeDesk},
	Editor:      {SeeHome, SeePlaces, EditPlaces, SeePosters, PrintPosters, SeeScans, SeePolicy, EditPolicy, SeeLists, SeeQuestions, SeeFeedback},
	Publisher:   {SeeHome, SeePlaces, SeePosters, PrintPosters, SeeScans, SeePolicy, PublishPolicy, SeeLists, Publish, SeeFeedback},
	Operator:    {SeeHome, SeeCases, SeePlaces, SeePolicy, SeeQuestions, HelpLeave, AnswerCalls},
	TownOfficer: {SeeHome, SeeCases, SeePersons, SeePlaces, SeePosters, PrintPosters, SeeScans, Assist, Inspect, EditRounds, SeePolicy, SeeLists, SeeFeedback, AnswerCalls},
	Helper:      {SeeHome, SeeCases, SeePlaces, Assist, Inspect, SeePolicy},
	Auditor: {SeeHome, SeeCases, SeeDeliveries, SeeEndpoints, SeePlaces, SeePosters, SeeScans, SeePolicy, SeeLists, SeeStaff, SeeAudit, SeeSettings, SeeJobs,
		SeeFeedback, SeeDesk},
}

// Permissions lists every permission; the administrator has them all.
func Permissions() []Permission { return Granted(Admin) }

// Can reports whether a role may do p.
func Can(r Role, p Permission) bool { return slices.Contains(grants[r], p) }

// Granted lists what a role may do.
func Granted(r Role) []Permission { return slices.Clone(grants[r]) }
