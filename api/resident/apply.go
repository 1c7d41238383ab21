package resident

import "mashang/api/web"

func (p *Pages) installApply(get func(string, web.Handler), post func(string, int64, web.Handler)) {}
