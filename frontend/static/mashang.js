document.documentElement.setAttribute('data-js', '');
