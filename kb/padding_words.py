"""Words of which a whole clause may be made without saying anything about a problem, by language."""

WORDS = {
    "en": """
        a about absolutely actually advice advise again ago all already also although am an and angry annoyed annoying answer any anybody anyone
        anything appreciate appreciated as asap ask asking assist assistance at attached attachment awful back bad basically be because been before
        believe below bit bother bought but by can come company completely concern concerned concerning confused could customer customers day days
        deal dealing dear desperate did disappointed disappointing disturb do does done enclosed enquiry even ever every everybody everyone
        everything exactly excuse explain extremely few finally fix fixed following for forward frankly frustrated frustrating get getting give
        given go going good got great had happen happened happening happens happy has have having hear hearing hello help helped helpful helping
        helps here hi honest honestly hope hopefully hoping hour hours how however i idea ideas if immediately in inquiry is issue issues it its
        joke just kindly know last later least let like literally little long look looking love loyal made make many may maybe me mean message
        moment month months more morning much my myself need needed new nice no nobody not nothing now of off ok okay on once one ones only or our
        out over perhaps pissed please pleased poor possible possibly problem problems properly question questions quick quickly quite rather really
        recently regarding replies reply resolve resolved respond response ridiculous sad said same satisfied say screenshot screenshots see seems
        seen several shame should situation so solve solved somebody someone something soon sorry sort sorted still stuck stuff such suggest
        suggestion suggestions support sure tell terrible than that the their them then there these they thing things think this those though
        thought thoughts thrilled time times to today together told tonight too totally tried tries trouble truly try trying unacceptable understand
        unfortunately unhappy until unusable up upset urgent urgently us use useless very via wait waiting want wanted was way we week weeks well
        went were what when where which while who why will wish with wonder wondering work working works worried worst would write writing wrong
        year years yesterday yet you your yours
    """,
    "ru": """
        а абсолютно бардак беспокойство беспокою благодарен благодарна бы был была было быстрее быстро быть в вам вами вас ваш ваша вашего вашей
        вашем ваши вашим вашими вашу ваще весь во вообще вопрос вопросы вот время все всегда всем вчера вы выручайте где год года годы да давно
        дайте дела делать дело для дней до добрый долго достало другой его ее если еще ждать жду же за зачем здесь знаете знаю и из извините или им
        интересует их к кажется как какая какие какой клиент клиентка когда компания конца кошмар крайне кто лет ли либо люди мало меня месяц месяца
        месяцев минут мне много мог могу можем можете можно мои мой моя мучаюсь мы на надеемся надежда надеюсь надо назад нам нас наш не невозможно
        невыносимо негодую недели неделю недоволен недовольна нельзя несколько нет ни нибудь никак никто ничего но ну нужен нужна нужно о об
        обращаюсь объясните один однако он она они опять от ответ ответа ответить ответьте отвечает отзовитесь отчаяние очень ошибка пишите пишу
        плохо плохой по подскажешь подскажите пожалуйста поймите покупатель пользователь помогите поможете помощь понимаю понял понять пор после
        посмотрите посоветуйте постоянная постоянный потом почему предыдущий при прикрепил приложил приложила проблема проблемой проблему проблемы
        происходит просим просто прошло прошу пыталась пытался работает работаете рад рада раз разберитесь раздражает раздражать разобраться
        разочарован разочарована разочарованы разъясните раньше реагирует реально ребята решение решите решить с свой свяжитесь сделать сегодня
        сейчас сервис сил ситуации ситуацию ситуация сих скажите сказать скорее скоро скриншот следующая следующий следующую случилось снова со
        совершенно совсем согласен сообщите спасибо спасите спросить срочно столкнулась столкнулся странно так такая также такие такое такой такую
        там тебе тем техподдержка то тоже только точно тут ты у уважаемые ужас ужасно ужасный уже узнать уладить хорошо хотел хотела хотелось хотеть
        хотим хоть хочется хочу час часа часов чем через честно что чтоб чтобы эта эти этим это этого этой этом этому этот эту я
    """,
}
DETAILS = {
    "en": "account address called cell email id invoice mail mobile name number order reach ref reference serial tel telephone ticket under",
    "ru": "адрес договор заказ заказа звоните зовут имейл имя мобильный номер перезвоните позвонить почта почту связаться счет телефон эл электронная",
}
"""Words that say as little in a clause which has an address, a telephone number or a number of something in it."""
CHINESE = (
    (
        r"请?(?:希望|麻烦|拜托|恳请|求)?(?:你们?|您|贵公司|客服)?(?:能|能够|可以)?(?:尽快|尽早|赶紧|马上|立刻|快点|帮忙|帮帮|帮助|帮|给|予以){0,4}(?:我|我们)?(?:一个|个|一下)?(?:解决|处理|回复|答复|回应|看看|看一下|帮忙|说明|解答|指导|核实)"
        r"(?:一下|下|方案|办法)?(?:吧|好吗|可以吗|谢谢)?"
    ),
    r"(?:请问)?(?:我|我们)?(?:现在|到底|究竟|应该|该){0,3}(?:怎么办|怎么处理|怎么解决|如何处理|如何解决|如何是好|怎么做|怎么回事|什么情况|为什么)(?:呢|啊|才好)?",
    r"请?(?:谁能|有人能)?帮帮?(?:忙|我|我们)(?:吧)?|请?告诉我|请教(?:一下)?|打扰(?:一下)?了?|不好意思|抱歉|在线等|谢谢(?:您|你们?)?",
    r"(?:说实话|老实说|真的|实在|非常|很|特别|十分|太|有点|让人|令人|感到|觉得|快要?){0,4}(?:着急|急|紧急|失望|生气|愤怒|不满意|不满|郁闷|烦|差劲|差|糟糕|崩溃|无语|苦恼|头疼)(?:死|透顶)?(?:了|的)?",
    r"(?:我|我们)?(?:是|作为)?(?:你们|贵公司|您们|您)?(?:家)?(?:的)?(?:多年|长期)?(?:的)?(?:老|忠实)?(?:客户|用户|顾客|会员|粉丝)(?:很多年|好多年|多年)?了?|(?:你们|贵公司)的?(?:服务|公司|客服|态度)",
    r"(?:我)?(?:想|要)?(?:有|遇到)?(?:了)?(?:一个|个|些|点)?(?:问题|疑问|麻烦|情况)(?:想)?(?:请教|咨询|问|反映)?(?:一下)?|(?:想)?(?:咨询|问|反映)(?:一下|下)?",
    r"(?:期待|等待|等候|等|静候)(?:您|你们?)?的?(?:回复|答复|消息|佳音)|(?:已经)?(?:等|试|弄|搞)了?(?:很|好)久了?|(?:有需要|有问题)?(?:请)?(?:打|联系|致电|加)我?的?",
)
"""Pieces of clauses that say nothing; a clause is padding if nothing is left without them."""
CHINESE_DETAILS = r"(?:我|我们)?的?(?:订单编号|订单号|订单|编号|邮箱|邮件|联系电话|电话|手机号|手机|微信|联系方式|账号|姓名|名字)(?:号码|地址)?(?:是|为|叫)?"
